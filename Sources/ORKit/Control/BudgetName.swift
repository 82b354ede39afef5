/// What a budget is called: `user:alice/month`, `client:web/day`, `all/total`.
public struct BudgetName: Sendable, Hashable {
    /// The word for what it is about.
    public let subject: String
    /// Name or id; nil where all is meant.
    public let owner: String?
    public let period: BudgetPeriod

    public init(subject: String, owner: String?, period: BudgetPeriod) {
        self.subject = subject
        self.owner = owner
        self.period = period
    }

    /// Words for whose costs are counted, besides `all`.
    public static let subjects = ["user", "client", "key", "pool"]
    public static let all = "all"

    /// Nil for what is no such name.
    public init?(_ text: some StringProtocol) {
        guard let slash = text.lastIndex(of: "/"),
            let period = BudgetPeriod(rawValue: String(text[text.index(after: slash)...]))
        else { return nil }
        let front = text[..<slash]
        if front == Self.all {
            self.init(subject: Self.all, owner: nil, period: period)
            return
        }
        guard let colon = front.firstIndex(of: ":"), Self.subjects.contains(String(front[..<colon])) else {
            return nil
        }
        let owner = front[front.index(after: colon)...]
        guard !owner.isEmpty else { return nil }
        self.init(subject: String(front[..<colon]), owner: String(owner), period: period)
    }

    public var text: String { "\(owner.map { "\(subject):\($0)" } ?? subject)/\(period.rawValue)" }
}
