"""Personal data found in the words of tickets, and put behind placeholders before anything is kept or learned."""

from masking.finding import find
from masking.key import MaskingKeyError, read_or_make
from masking.mask import Mask
from masking.span import Kind, Span
from masking.tickets import mask_solved, mask_ticket

__all__ = ["Kind", "Mask", "MaskingKeyError", "Span", "find", "mask_solved", "mask_ticket", "read_or_make"]
