import ORKTestSupport

/// What callers were told while something was wrong.
struct CallersReport: Sendable, CustomStringConvertible {
    private(set) var count = 0
    private(set) var served = 0
    /// How often each error was told, as `status code`.
    private(set) var errors: [String: Int] = [:]
    private(set) var longest = Duration.zero

    mutating func note(_ reply: Reply, after duration: Duration) {
        count += 1
        longest = max(longest, duration)
        if reply.status == 200, reply.complete {
            served += 1
        } else {
            errors["\(reply.status) \(reply.errorCode ?? "without a code")", default: 0] += 1
        }
    }

    mutating func add(_ other: CallersReport) {
        count += other.count
        served += other.served
        errors.merge(other.errors, uniquingKeysWith: +)
        longest = max(longest, other.longest)
    }

    /// The kinds of errors, without their numbers.
    var kinds: Set<String> { Set(errors.keys) }

    var description: String {
        let told = errors.sorted { $0.value > $1.value }.map { "\($0.value) × \($0.key)" }.joined(
            separator: ", ")
        return "\(served) of \(count) served, the longest wait \(longest)" + (told.isEmpty ? "" : "; \(told)")
    }
}
