// Where in an answer the members stand that are looked at
// (openrouter-api.md 3.2 and 4), and what is noted of them.

/// Which members may hold the answer proper.
enum Nesting: UInt8, Sendable {
    /// `usage` at the top only.
    case flat
    /// Also in `response`: the Responses stream.
    case response
    /// Also in `message`: the Messages stream.
    case message
    /// Either: a stream of a path that ork does not know.
    case any
}

/// A container of interest.
enum Place: UInt8, Sendable {
    case nowhere = 0
    case root, inner, usage, promptDetails, completionDetails, choices, choice
}

/// A member of interest.
enum Slot: UInt8, Sendable {
    case nothing = 0
    case id, type, usage, error, choices, inner, finishReason, choiceError
    case promptDetails, completionDetails, cost
    case prompt, completion, total, cached, cacheWrite, reasoning, cacheReadBeside, cacheWriteBeside

    @inline(__always)
    static func named(_ name: UnsafeRawBufferPointer, in place: Place, nesting: Nesting) -> Slot {
        guard let base = name.baseAddress else { return .nothing }
        func names(_ text: StaticString) -> Bool { base.matches(text, at: 0) }
        switch place {
        case .root:
            switch name.count {
            case 2: return names("id") ? .id : .nothing
            case 4: return names("type") ? .type : .nothing
            case 5: return names("usage") ? .usage : names("error") ? .error : .nothing
            case 7:
                if names("choices") { return .choices }
                return (nesting == .message || nesting == .any) && names("message") ? .inner : .nothing
            case 8: return (nesting == .response || nesting == .any) && names("response") ? .inner : .nothing
            default: return .nothing
            }
        case .inner:
            switch name.count {
            case 2: return names("id") ? .id : .nothing
            case 5: return names("usage") ? .usage : .nothing
            default: return .nothing
            }
        case .choice:
            switch name.count {
            case 5: return names("error") ? .choiceError : .nothing
            case 13: return names("finish_reason") ? .finishReason : .nothing
            default: return .nothing
            }
        case .usage, .promptDetails, .completionDetails: return number(base, name.count, in: place)
        case .nowhere, .choices: return .nothing
        }
    }

    private static func number(_ base: UnsafeRawPointer, _ count: Int, in place: Place) -> Slot {
        func names(_ text: StaticString) -> Bool {
            count == text.utf8CodeUnitCount && base.matches(text, at: 0)
        }
        switch place {
        case .promptDetails:
            return names("cached_tokens") ? .cached : names("cache_write_tokens") ? .cacheWrite : .nothing
        case .completionDetails: return names("reasoning_tokens") ? .reasoning : .nothing
        default: break
        }
        switch count {
        case 4: return names("cost") ? .cost : .nothing
        case 12: return names("total_tokens") ? .total : names("input_tokens") ? .prompt : .nothing
        case 13: return names("prompt_tokens") ? .prompt : names("output_tokens") ? .completion : .nothing
        case 17: return names("completion_tokens") ? .completion : .nothing
        case 20: return names("input_tokens_details") ? .promptDetails : .nothing
        case 21:
            if names("prompt_tokens_details") { return .promptDetails }
            return names("output_tokens_details") ? .completionDetails : .nothing
        case 23: return names("cache_read_input_tokens") ? .cacheReadBeside : .nothing
        case 25: return names("completion_tokens_details") ? .completionDetails : .nothing
        case 27: return names("cache_creation_input_tokens") ? .cacheWriteBeside : .nothing
        default: return .nothing
        }
    }
}

/// What was noted of one document.
struct Sightings: Sendable {
    /// Values of `type`, and names of events, that mean something.
    enum Kind: UInt8, Sendable {
        case other, error, completed, incomplete, failed, messageStart, messageDelta, messageStop, ping

        @inline(__always)
        init(_ text: UnsafeRawBufferPointer) {
            guard let base = text.baseAddress else {
                self = .other
                return
            }
            switch text.count {
            case 4 where base.matches("ping", at: 0): self = .ping
            case 5 where base.matches("error", at: 0): self = .error
            case 12 where base.matches("message_stop", at: 0): self = .messageStop
            case 13 where base.matches("message_start", at: 0): self = .messageStart
            case 13 where base.matches("message_delta", at: 0): self = .messageDelta
            case 15 where base.matches("response.failed", at: 0): self = .failed
            case 18 where base.matches("response.completed", at: 0): self = .completed
            case 19 where base.matches("response.incomplete", at: 0): self = .incomplete
            default: self = .other
            }
        }
    }

    /// The last `usage` object that was closed, valid with either flag.
    private(set) var usage = StatedUsage()
    private(set) var hasRootUsage = false
    private(set) var hasInnerUsage = false
    private var isUsageInner = false
    private(set) var kind = Kind.other
    /// A truthy `error` at the top.
    private(set) var hasError = false
    /// A choice ended with `error`, or holds one.
    private(set) var hasFailedChoice = false
    /// A choice has a reason why it ended.
    private(set) var isFinished = false
    private(set) var hasChoices = false
    var hasChoice = false
    /// `id` of the answer; empty when absent or of no known form.
    private(set) var generation: [UInt8] = []

    mutating func clear() {
        hasRootUsage = false
        hasInnerUsage = false
        kind = .other
        hasError = false
        hasFailedChoice = false
        isFinished = false
        hasChoices = false
        hasChoice = false
    }

    /// A container opens as the value of `slot`: what it is, if it is of
    /// interest.
    mutating func open(_ slot: Slot, in place: Place, isObject: Bool) -> Place {
        switch slot {
        case .nothing:
            guard isObject else { return .nowhere }
            return place == .nowhere ? .root : place == .choices ? .choice : .nowhere
        case .usage where isObject:
            usage.clear()
            isUsageInner = place == .inner
            return .usage
        case .choices where !isObject:
            hasChoices = true
            return .choices
        case .inner where isObject: return .inner
        case .promptDetails where isObject: return .promptDetails
        case .completionDetails where isObject: return .completionDetails
        case .error: hasError = true
        case .choiceError: hasFailedChoice = true
        default: break
        }
        return .nowhere
    }

    @inline(__always)
    mutating func close(_ place: Place) {
        guard place == .usage, !usage.isEmpty else { return }
        if isUsageInner { hasInnerUsage = true } else { hasRootUsage = true }
    }

    mutating func take(string text: UnsafeRawBufferPointer, as slot: Slot) {
        switch slot {
        case .id:
            // A longer one is not an id, whether it came in one piece or in two.
            guard generation.isEmpty, (5...JSONWatch.longestToken).contains(text.count),
                let base = text.baseAddress, base.matches("gen-", at: 0)
            else { return }
            generation = Array(text)
        case .type: kind = Kind(text)
        case .error: hasError = hasError || text.count > 0
        case .choiceError: hasFailedChoice = hasFailedChoice || text.count > 0
        case .finishReason:
            isFinished = true
            if text.count == 5, let base = text.baseAddress, base.matches("error", at: 0) {
                hasFailedChoice = true
            }
        default: break
        }
    }

    mutating func take(scalar text: UnsafeRawBufferPointer, as slot: Slot) {
        guard let base = text.baseAddress, text.count > 0 else { return }
        switch slot {
        case .cost: usage.takeCost(text)
        case .prompt: usage.take(.prompt, text)
        case .completion: usage.take(.completion, text)
        case .total: usage.take(.total, text)
        case .cached: usage.take(.cached, text)
        case .cacheWrite: usage.take(.cacheWrite, text)
        case .reasoning: usage.take(.reasoning, text)
        case .cacheReadBeside: usage.take(.cacheReadBeside, text)
        case .cacheWriteBeside: usage.take(.cacheWriteBeside, text)
        case .error, .choiceError:
            // null, false and 0 are no errors.
            let first = base.byte(0)
            let isTruthy = first == 0x74 || first == 0x2D || first &- 0x31 < 9
            if slot == .error {
                hasError = hasError || isTruthy
            } else {
                hasFailedChoice = hasFailedChoice || isTruthy
            }
        default: break
        }
    }
}
