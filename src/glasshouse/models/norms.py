"""Norms of who gets a good name, and whom to help, by what the donor and the recipient are called (Ohtsuki & Iwasa 2004)."""

# which name follows: BB,D BB,C BG,D BG,C GB,D GB,C GG,D GG,C (donor, recipient, what the donor did); whether one helps: BB BG GB GG
NORMS = {
    "L1": ((0, 1, 0, 1, 1, 1, 0, 1), (1, 1, 0, 1)),
    "L2": ((0, 1, 0, 1, 1, 0, 0, 1), (1, 1, 0, 1)),
    "L3": ((1, 1, 0, 1, 1, 1, 0, 1), (0, 1, 0, 1)),
    "L4": ((1, 0, 0, 1, 1, 1, 0, 1), (0, 1, 0, 1)),
    "L5": ((1, 1, 0, 1, 1, 0, 0, 1), (0, 1, 0, 1)),
    "L6": ((1, 0, 0, 1, 1, 0, 0, 1), (0, 1, 0, 1)),
    "L7": ((0, 0, 0, 1, 1, 1, 0, 1), (0, 1, 0, 1)),
    "L8": ((0, 0, 0, 1, 1, 0, 0, 1), (0, 1, 0, 1)),
    "image scoring": ((0, 1, 0, 1, 0, 1, 0, 1), (0, 1, 0, 1)),
    "shunning": ((0, 0, 0, 1, 0, 0, 0, 1), (0, 1, 0, 1)),
}
