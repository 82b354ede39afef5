/// One side of a posting: so many credits to an account of the books.
struct Leg: Sendable, Hashable {
    /// Where credits are.
    enum Account: Sendable, Hashable {
        /// Where they come from and go to by somebody's order.
        case outside
        /// What a user may spend.
        case free(UserID)
        /// What a user's running requests hold.
        case held(UserID)
        /// What a user has spent.
        case spent(UserID)
    }

    var account: Account
    var credits: Int64

    init(_ account: Account, _ credits: Int64) {
        self.account = account
        self.credits = credits
    }
}

extension Posting {
    /// What the line does to the books. Their sum is zero, and no number in
    /// them is larger than `Credits.most`.
    ///
    /// - Returns: nil for numbers that no line of ours has.
    var legs: [Leg]? {
        switch self {
        case .move(let movement):
            guard Credits.bounds.contains(movement.credits) else { return nil }
            return [Leg(.outside, -movement.credits), Leg(.free(movement.user), movement.credits)]
        case .reserve(let reservation):
            return Self.hold(reservation.credits, reservation.user)
        case .grow(_, let user, let credits):
            return Self.hold(credits, user)
        case .sent:
            return []
        case .settle(let end):
            guard Credits.amounts.contains(end.held), Credits.amounts.contains(end.charged) else {
                return nil
            }
            // Charged from what was held first; what is left, or missing, is the user's.
            let back = [Leg(.free(end.user), end.held - end.charged), Leg(.spent(end.user), end.charged)]
            let reserved = end.isWhole ? Leg(.free(end.user), -end.held) : Leg(.held(end.user), -end.held)
            return back + [reserved]
        case .correct(let correction):
            guard Credits.bounds.contains(correction.charged) else { return nil }
            return [
                Leg(.free(correction.user), -correction.charged),
                Leg(.spent(correction.user), correction.charged),
            ]
        }
    }

    private static func hold(_ credits: Int64, _ user: UserID) -> [Leg]? {
        guard Credits.amounts.contains(credits) else { return nil }
        return [Leg(.free(user), -credits), Leg(.held(user), credits)]
    }
}
