"""Several models' opinions made one: a weighed sum of scores, fitted on tickets that none of them had seen."""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin

Scores = NDArray[np.float64]
Shares = NDArray[np.float64]


class LogarithmicPool(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped library
    """The logarithmic opinion pool: probabilities proportional to ``exp(sum_k w_kl s_kl + b_l)``, weights from 0 up.

    Each member ``k`` has one weight per label ``l``, held near the member's own mean. Because the weights need not sum
    to one, the pool carries its own temperature; ``b`` corrects the labels' overall frequencies.

    Parameters
    ----------
    spread_penalty, bias_penalty : float
        Strength of the quadratic penalties that hold a member's weights together, and ``b`` near zero.

    References
    ----------
    Hinton (2002), "Training Products of Experts by Minimizing Contrastive Divergence", section 1;
    Guo et al. (2017), "On Calibration of Modern Neural Networks", section 4.2 (temperature and vector scaling).
    """

    def __init__(self, spread_penalty: float = 0.01, bias_penalty: float = 0.01) -> None:
        self.spread_penalty = spread_penalty
        self.bias_penalty = bias_penalty

    def fit(self, scores: Scores, y: NDArray[np.intp]) -> Self:
        """Fit on ``scores`` of shape (n_tickets, n_members, n_labels) and the labels' indices ``y``."""
        _, n_members, n_labels = scores.shape
        self.classes_ = np.arange(n_labels)
        n_weights = n_members * n_labels
        rows = np.arange(len(y))

        def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            weights, bias = values[:n_weights].reshape(n_members, n_labels), values[n_weights:]
            log_shares = log_softmax(np.einsum("kl,nkl->nl", weights, scores) + bias, axis=1)
            spread = weights - weights.mean(axis=1, keepdims=True)
            penalty = self.spread_penalty * (spread**2).sum() + self.bias_penalty * (bias**2).sum()
            gap = np.exp(log_shares)
            gap[rows, y] -= 1
            slope = np.einsum("nl,nkl->kl", gap, scores) / len(y) + 2 * self.spread_penalty * spread
            slope_bias = gap.mean(axis=0) + 2 * self.bias_penalty * bias
            return float(penalty - log_shares[rows, y].mean()), np.concatenate([slope.ravel(), slope_bias])

        start = np.concatenate([np.full(n_weights, 1 / n_members), np.zeros(n_labels)])
        bounds = [(0.0, None)] * n_weights + [(None, None)] * n_labels
        found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
        self.weights_, self.bias_ = found[:n_weights].reshape(n_members, n_labels), found[n_weights:]
        return self

    def decision_function(self, scores: Scores) -> Scores:
        """The pooled scores, of shape (n_tickets, n_labels)."""
        pooled: Scores = np.einsum("kl,nkl->nl", self.weights_, scores) + self.bias_
        return pooled

    def predict_proba(self, scores: Scores) -> Shares:
        """Probabilities of shape (n_tickets, n_labels)."""
        shares: Shares = softmax(self.decision_function(scores), axis=1)
        return shares
