// Rules: what each answer of an upstream means, one named rule per meaning, a file per family.
// Here: the tables, what rules can read of an answer, stated times, evidence.
// Not here: what happens to keys after a verdict (Engine+Marks). Imports nothing.

/// One row of the verdict table. The first that matches decides.
struct Rule: Sendable {
    let name: String
    let scope: FailureScope
    let cause: Cause
    let remedy: Remedy
    let impliedEnd: ImpliedEnd
    let matches: @Sendable (Reading) -> Bool

    init(
        _ name: String, _ scope: FailureScope, _ cause: Cause, _ remedy: Remedy,
        impliedEnd: ImpliedEnd = .unknown,
        when matches: @escaping @Sendable (Reading) -> Bool
    ) {
        self.name = name
        self.scope = scope
        self.cause = cause
        self.remedy = remedy
        self.impliedEnd = impliedEnd
        self.matches = matches
    }

    static func table(for dialect: Dialect) -> [Rule] {
        switch dialect {
        case .openRouter: table
        case .openAI: openAITable
        case .anthropic: anthropicTable
        }
    }

    /// The order is that of openrouter-api.md 6.7, except that the request's
    /// own faults come before the provider's: a moderation refusal names the
    /// provider too.
    static let table: [Rule] =
        edge + contentRefusals + limitSources + provider + [rejected] + access + money + rates + plain
    private static let openAITable: [Rule] = edge + openAI + [rejected] + plain
    private static let anthropicTable: [Rule] = edge + anthropic + [rejected] + plain

    /// What a status means by itself, in every dialect; the last row takes
    /// whatever is left.
    private static let plain: [Rule] = plainRates + server + request + [unknown]

    /// Nothing is proved but that this request did not go well.
    static let unknown = Rule("unknown", .request, .malformed, .giveUp) { _ in true }

    /// Names that other decisions ask for.
    static let bareLimit = "429-bare"
    static let overloaded = "503-overloaded"
    static let redirect = "redirect"
    static let resetBeforeHead = "reset-before-head"
    static let addressRefused = "address-refused"
}

/// A time that follows from an answer's meaning where the answer states none:
/// limits of a period start afresh with the next one, in UTC.
enum ImpliedEnd: Sendable {
    case unknown, nextMinute, nextDay, nextWeek, nextMonth

    func time(after now: WallTime) -> WallTime? {
        switch self {
        case .unknown: nil
        case .nextMinute: StatedTime.nextMinute(after: now)
        case .nextDay: StatedTime.nextDay(after: now)
        case .nextWeek: StatedTime.nextWeek(after: now)
        case .nextMonth: StatedTime.nextMonth(after: now)
        }
    }
}
