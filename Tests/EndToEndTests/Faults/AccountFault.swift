import MockUpstream
import ORKit

/// One line of the table of accounts: who says what, where three accounts have
/// two keys each, and what must come of it.
struct AccountFault: Sendable {
    /// What is left on keys.
    enum Mark: Sendable {
        case state(KeyState)
        /// The account has no credit: paid models rest with it.
        case empty
        case rests(String?)
    }

    /// `a1` and `a2` are of one account, in the order in which keys are tried.
    static let keys = ["a1", "a2", "b1", "b2", "c1", "c2"]

    let name: String
    /// Those that say so.
    let sick: [String]
    let told: Outcome.Told
    /// `Retry-After`, whole seconds; nil: there must be none.
    let again: Int?
    /// Those that are asked, one after the other.
    let asked: [String]
    /// Those that bear the mark; nobody else bears any.
    let marked: [String]
    let mark: Mark
    let isFree: Bool
    let act: Act

    /// As the page has it.
    var line: String {
        let outcome = Outcome(told: told, attempts: asked.count, again: again, usage: .none)
        let left = marked.isEmpty ? "–" : "\(marked.joined(separator: " ")): \(mark)"
        let cells = [
            name, sick.joined(separator: " "), "\(outcome)", asked.joined(separator: " "), left,
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private static func served(
        _ name: String, by sick: String, asked: String, _ marked: String, _ mark: Mark, free: Bool = false,
        _ act: Act
    ) -> AccountFault {
        AccountFault(
            name: name, sick: names(sick), told: .good(200), again: nil, asked: names(asked),
            marked: names(marked),
            mark: mark, isFree: free, act: act)
    }

    private static func refused(
        _ name: String, by sick: String, asked: String, _ status: Int, _ code: ErrorCode, _ act: Act
    ) -> AccountFault {
        AccountFault(
            name: name, sick: names(sick), told: .refused(status, code), again: 1, asked: names(asked),
            marked: [],
            mark: .state(.usable), isFree: false, act: act)
    }

    private static func names(_ list: String) -> [String] { list.split(separator: " ").map(String.init) }

    private static let everyone = keys.joined(separator: " ")
    private static let credit = Act.refuse(.creditsOut)
    private static let spent = Act.refuse(.keySpent("total"))
    private static let dayIsOver = Act.freeTierLimit(seconds: 20)

    static let all = [
        served("no credit left", by: "a1 a2", asked: "a1 b1", "a1 a2", .empty, credit),
        served(
            "no credit left on two accounts", by: "a1 a2 b1 b2", asked: "a1 b1 c1", "a1 a2 b1 b2", .empty,
            credit),
        refused(
            "no credit left on any account", by: everyone, asked: "a1 b1 c1", 503, .accountCreditsOut, credit),
        served(
            "too much in flight for the credit, again in 11 s", by: "a1 a2", asked: "a1 b1", "a1 a2",
            .rests(":paid"), .refuse(.inFlightBudget(retryAfter: 11))),
        served(
            "the free requests of the day", by: "a1 a2", asked: "a1 b1", "a1 a2", .rests(":free"), free: true,
            dayIsOver),
        served(
            "the free requests of the day on two accounts", by: "a1 a2 b1 b2", asked: "a1 b1 c1",
            "a1 a2 b1 b2", .rests(":free"), free: true, dayIsOver),
        served("a key's limit is spent", by: "a1", asked: "a1 b1", "a1", .state(.exhausted), spent),
        served(
            "the limits of both keys are spent", by: "a1 a2", asked: "a1 b1", "a1", .state(.exhausted), spent),
        served("a key is unknown", by: "a1", asked: "a1 b1", "a1", .state(.suspect), .unauthorized),
        served(
            "a key of two accounts is unknown", by: "a1 b1", asked: "a1 b1 c1", "a1 b1", .state(.suspect),
            .unauthorized),
        refused(
            "a key of each account is unknown", by: "a1 b1 c1", asked: "a1 b1 c1", 503, .keyRejected,
            .unauthorized),
        served("a bare 429 to a key", by: "a1", asked: "a1 b1", "a1", .rests(nil), .bare429),
        served("a bare 429 to both keys", by: "a1 a2", asked: "a1 b1", "a1", .rests(nil), .bare429),
        served("a 429 that ends in 11 s", by: "a1", asked: "a1 b1", "a1", .rests(nil), .retryAfter("11")),
        served("a failure with a key", by: "a1", asked: "a1 a2", "", .state(.usable), .status(500)),
        served("a failure with both keys", by: "a1 a2", asked: "a1 a2 b1", "", .state(.usable), .status(500)),
    ]
}

extension AccountFault.Mark: CustomStringConvertible {
    var description: String {
        switch self {
        case .state(let state): state.rawValue
        case .empty: "exhausted; :paid rests"
        case .rests(let models): "\(models ?? "the model") rests"
        }
    }
}
