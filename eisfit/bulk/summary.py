"""What a batch has come to."""

from __future__ import annotations

from dataclasses import dataclass, field

from eisfit.bulk.piece import Piece, Written


@dataclass
class Summary:
    """What a batch has come to.

    Parameters
    ----------
    spectra, chunks : int
        That belong to this run: all, or those of its shard.
    done_spectra, done_chunks : int
        That are there.
    failed, missed : int
        Spectra that could not be fitted, and that the model misses, among those.
    missing : list of (int, int)
        First and last row (not among them) of the chunks that are not there.
    """

    spectra: int = 0
    chunks: int = 0
    done_spectra: int = 0
    done_chunks: int = 0
    failed: int = 0
    missed: int = 0
    missing: list[tuple[int, int]] = field(default_factory=list)

    def add(self, piece: Piece, written: Written | None) -> None:
        """Count a chunk, with what is told of its file; None where there is none."""
        self.spectra, self.chunks = self.spectra + piece.size, self.chunks + 1
        if written is None:
            self.missing.append((piece.first, piece.last))
            return
        self.done_spectra, self.done_chunks = self.done_spectra + piece.size, self.done_chunks + 1
        self.failed, self.missed = self.failed + written.failed, self.missed + written.missed
