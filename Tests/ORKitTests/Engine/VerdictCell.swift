@testable import ORKit

/// What becomes of a request, as a cell of `docs/upstream-faults.md` has it:
/// what the caller is told, `Retry-After` · attempts · the time that we add.
struct VerdictCell: Sendable, Hashable, CustomStringConvertible {
    enum Told: Sendable, Hashable {
        case good
        /// The upstream's own answer, unchanged.
        case passed(Int)
        case refused(Int, ErrorCode)
        /// Cut after something had been relayed.
        case cut(ErrorCode)
    }

    var told: Told
    var again: Int?
    var attempts: Int
    /// A model may have worked for no good answer.
    var mayHaveRun: Bool
    /// Pauses and stated waits, in seconds.
    var pauses: Int
    /// The deadlines that failed attempts run into: `3 heads`.
    var deadlines: String?

    let description: String

    init?(_ text: String) {
        let parts = text.components(" · ")
        guard parts.count == 3,
            let told = parts[0].wholeMatch(
                of: /(\d{3})( as it came|, \(told,\) cut: ([a-z-]+)| ([a-z-]+))?(?:, again in (\d+) s)?/),
            let status = Int(told.1), let attempts = parts[1].wholeMatch(of: /(\d)( \?)?/),
            let count = Int(attempts.1),
            let time = parts[2].wholeMatch(of: /(?:(\d (?:connect|head|idle)s?)(?: \+ )?)?(?:(\d+) s)?/)
        else { return nil }
        if let word = told.3 {
            guard let code = ErrorCode(rawValue: String(word)), status == 200 else { return nil }
            self.told = .cut(code)
        } else if let word = told.4 {
            guard let code = ErrorCode(rawValue: String(word)) else { return nil }
            self.told = .refused(status, code)
        } else if told.2 != nil {
            self.told = .passed(status)
        } else {
            guard status == 200 else { return nil }
            self.told = .good
        }
        again = told.5.flatMap { Int($0) }
        self.attempts = count
        mayHaveRun = attempts.2 != nil
        deadlines = time.1.map(String.init)
        pauses = time.2.flatMap { Int($0) } ?? 0
        description = text
    }

    /// Answered well by the same key after the stated wait.
    var isWaitedFor: Bool { told == .good && pauses > 0 }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator).map(String.init)
    }
}
