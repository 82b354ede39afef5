import ORKit

/// What a caller must see of a fault of the upstream.
struct Outcome: Sendable {
    enum Told: Sendable, Equatable {
        /// A whole answer, and a success of the last key.
        case good(Int)
        /// What the upstream said, whole and unchanged; no success of a key.
        case passed(Int)
        /// Our own error.
        case refused(Int, ErrorCode)
        /// A 200 that had begun, ended so that nobody takes it for whole;
        /// `inBand`: the last event says why.
        case cut(ErrorCode, inBand: Bool)
    }

    var told: Told
    /// How often the upstream was tried.
    var attempts: Int
    /// `Retry-After`, whole seconds; nil: there must be none.
    var again: Int?
    var usage: UsageQuality

    /// How many of the attempts the mark on the key stands for.
    var failedAttempts: Int {
        if case .good = told { attempts - 1 } else { attempts }
    }

    var isGood: Bool { failedAttempts < attempts }
}

extension Outcome: CustomStringConvertible {
    /// As the page has it.
    var description: String {
        let words =
            switch told {
            case .good(let status): "\(status)"
            case .passed(let status): "\(status) as it came"
            case .refused(let status, let code): "\(status) \(code.rawValue)"
            case .cut(let code, false): "200, cut: \(code.rawValue)"
            case .cut(let code, true): "200, told, cut: \(code.rawValue)"
            }
        return words + (again.map { ", again in \($0) s" } ?? "") + " · \(attempts)"
            + (usage == .unknown ? " ?" : "")
    }
}

/// The outcome of a request for JSON and of one for a stream.
struct Outcomes: Sendable, CustomStringConvertible {
    var plain: Outcome
    var stream: Outcome

    subscript(form: Form) -> Outcome { form == .plain ? plain : stream }

    /// A good answer after so many attempts.
    static func ok(_ attempts: Int, _ status: Int = 200, usage: UsageQuality = .exact) -> Outcomes {
        both(Outcome(told: .good(status), attempts: attempts, usage: usage))
    }

    /// The upstream's own words, at the first attempt.
    static func passed(_ status: Int, usage: UsageQuality = .none) -> Outcomes {
        both(Outcome(told: .passed(status), attempts: 1, usage: usage))
    }

    /// Our own error. Whether a model may have worked for it follows from the
    /// code, unless stated.
    static func no(
        _ status: Int, _ code: ErrorCode, _ attempts: Int, again: Int? = nil, usage: UsageQuality? = nil
    ) -> Outcomes {
        let mayHaveRun: [ErrorCode] = [.upstreamError, .upstreamSlow, .upstreamTruncated, .upstreamProtocol]
        return both(
            Outcome(
                told: .refused(status, code), attempts: attempts, again: again,
                usage: usage ?? (mayHaveRun.contains(code) ? .unknown : .none)))
    }

    /// Cut at the first attempt; a stream is told where `inBand`.
    static func cut(_ code: ErrorCode, inBand: Bool = true, usage: UsageQuality = .unknown) -> Outcomes {
        func outcome(_ inBand: Bool) -> Outcome {
            Outcome(told: .cut(code, inBand: inBand), attempts: 1, usage: usage)
        }
        return Outcomes(plain: outcome(false), stream: outcome(inBand))
    }

    static func apart(plain: Outcomes, stream: Outcomes) -> Outcomes {
        Outcomes(plain: plain.plain, stream: stream.stream)
    }

    private static func both(_ outcome: Outcome) -> Outcomes { Outcomes(plain: outcome, stream: outcome) }

    var description: String {
        let (words, streamWords) = ("\(plain)", "\(stream)")
        if words == streamWords { return words }
        // Only a stream has a place for a last word.
        let told = streamWords.replacing(", told, ", with: ", ")
        return told == words
            ? words.replacing(", cut", with: ", (told,) cut") : "\(words); stream \(streamWords)"
    }
}

/// What was asked for.
enum Form: String, Sendable, CaseIterable {
    case plain, stream

    /// A model of one cell alone, by the name of its fault.
    func model(of fault: String, isFree: Bool) -> String {
        let words = fault.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return "\(self)/\(String(words))" + (isFree ? ":free" : "")
    }
}
