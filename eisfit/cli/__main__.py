"""``python -m eisfit.cli`` is the command ``eisfit``."""

from eisfit.cli.main import main

if __name__ == "__main__":
    main()
