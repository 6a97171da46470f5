"""How likely two tickets tell of the same problem, learned from problems that were told more than once."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_DIRECTIONS: Final = 128
_SHRINKAGE: Final = 0.3
_LEAST: Final = 1e-6


@dataclass(frozen=True)
class Plda:
    """Probabilistic linear discriminant analysis: one Gaussian for problems, one for the tellings of each.

    Two tellings of a problem differ in the same ways whatever the problem is, by their wording, language and length;
    those directions count little, and those in which problems differ count much.

    References
    ----------
    Ioffe (2006), "Probabilistic linear discriminant analysis"; the two-covariance form is that of Brümmer & de
    Villiers (2010), "The speaker partitioning problem".
    """

    mean: Floats
    """Mean vector, of shape (width,)."""
    projection: Floats
    """To coordinates in which tellings of one problem have covariance one, of shape (width, n_directions)."""
    between: Floats
    """How much problems vary in each of these coordinates, of shape (n_directions,)."""

    @classmethod
    def learned(cls, vectors: NDArray[np.floating], groups: NDArray[np.intp]) -> Self:
        """Learned from ``vectors`` of shape (n_tickets, width); ``groups`` of shape (n_tickets,) number the problems.

        At least one problem must have two tickets.
        """
        mean = vectors.mean(axis=0, dtype=np.float64)
        scale = vectors.std(axis=0, dtype=np.float64) + _LEAST
        scaled = (vectors - mean) / scale
        n_directions = min(_DIRECTIONS, *vectors.shape)
        _, main = np.linalg.eigh(scaled.T @ scaled)
        main = main[:, -n_directions:]
        tellings = scaled @ main

        _, problem, n_tellings = np.unique(groups, return_inverse=True, return_counts=True)
        centres = np.zeros((len(n_tellings), n_directions))
        np.add.at(centres, problem, tellings)
        centres /= n_tellings[:, None]
        deviations = (tellings - centres[problem])[n_tellings[problem] > 1]
        within = deviations.T @ deviations / (n_tellings[n_tellings > 1] - 1).sum()
        within += _LEAST * np.eye(n_directions)
        within = (1 - _SHRINKAGE) * within + _SHRINKAGE * np.eye(n_directions) * np.trace(within) / n_directions
        between = np.atleast_2d(np.cov(centres.T)) - within * np.mean(1 / n_tellings)

        whitening = np.linalg.cholesky(np.linalg.inv(within))
        variances, axes = np.linalg.eigh(whitening.T @ between @ whitening)
        projection = main @ whitening @ axes / scale[:, None]
        return cls(mean, projection, np.maximum(variances, _LEAST))

    def project(self, vectors: NDArray[np.floating]) -> Floats:
        """Vectors in the learned coordinates, of shape (n_vectors, n_directions)."""
        return (vectors - self.mean) @ self.projection

    def log_ratios(self, new: Floats, solved: Floats) -> Floats:
        """Logarithm of how much likelier each pair is if it tells of one problem than if of two.

        Parameters
        ----------
        new, solved : ndarrays of shape (n_new, n_directions) and (n_solved, n_directions)
            As `project` gave them; the result has shape (n_new, n_solved).
        """
        total = self.between + 1
        determinant = total**2 - self.between**2
        own, shared = total / determinant - 1 / total, self.between / determinant
        constant = float((np.log(total) - np.log(determinant) / 2).sum())
        apart = (new**2 @ own)[:, None] + (solved**2 @ own)[None, :]
        return (new * shared) @ solved.T - apart / 2 + constant
