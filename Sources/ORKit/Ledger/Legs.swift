/// What one line does to the books: a number for each place where credits can
/// be, of the one user that the line is about. Their sum is zero.
struct Legs: Sendable, Hashable {
    /// Where credits come from and go to by somebody's order.
    var outside: Int64 = 0
    /// What the user may spend.
    var free: Int64 = 0
    /// What the user's running requests hold.
    var held: Int64 = 0
    /// What the user has spent.
    var spent: Int64 = 0
}

extension Posting {
    /// Nil for numbers that no line of ours has; else no number in them is
    /// larger than `Credits.most`.
    var legs: Legs? {
        switch self {
        case .move(let movement):
            guard Credits.bounds.contains(movement.credits) else { return nil }
            return Legs(outside: -movement.credits, free: movement.credits)
        case .reserve(let reservation):
            return Self.hold(reservation.credits)
        case .grow(_, _, let credits):
            return Self.hold(credits)
        case .sent:
            return Legs()
        case .settle(let end):
            guard Credits.amounts.contains(end.held), Credits.amounts.contains(end.charged) else {
                return nil
            }
            // Charged from what was held first; what is left, or missing, is the user's. What was reserved in this
            // very line comes from the user, and goes back.
            return end.isWhole
                ? Legs(free: -end.charged, spent: end.charged)
                : Legs(free: end.held - end.charged, held: -end.held, spent: end.charged)
        case .correct(let correction):
            guard Credits.bounds.contains(correction.charged) else { return nil }
            return Legs(free: -correction.charged, spent: correction.charged)
        }
    }

    private static func hold(_ credits: Int64) -> Legs? {
        Credits.amounts.contains(credits) ? Legs(free: -credits, held: credits) : nil
    }
}
