/// The numbers of a `usage` object as they are stated, in any of the three
/// dialects (openrouter-api.md 3.2).
struct StatedUsage: Sendable {
    /// What a number is about.
    enum Part: UInt8, CaseIterable, Sendable {
        case prompt, completion, total, cached, cacheWrite, reasoning
        /// `cache_read_input_tokens`, `cache_creation_input_tokens`: in the
        /// Messages dialect `input_tokens` does not contain them.
        case cacheReadBeside, cacheWriteBeside
    }

    /// One for each part. No vector: it would align what holds it, each request,
    /// to 64 bytes, and memory aligned so is the dearest to be had.
    private var prompt: Int64 = 0
    private var completion: Int64 = 0
    private var total: Int64 = 0
    private var cached: Int64 = 0
    private var cacheWrite: Int64 = 0
    private var reasoning: Int64 = 0
    private var cacheReadBeside: Int64 = 0
    private var cacheWriteBeside: Int64 = 0
    /// A bit for each part whose number was stated.
    private var stated: UInt8 = 0
    private var cost: Money?

    /// Whether anything at all was stated.
    var isEmpty: Bool { stated == 0 && cost == nil }

    mutating func clear() {
        stated = 0
        cost = nil
    }

    /// Takes the text of a number. What is not a whole number, is negative or
    /// does not fit counts as not stated.
    mutating func take(_ part: Part, _ text: UnsafeRawBufferPointer) {
        var value: Int64 = 0
        guard (1...18).contains(text.count) else { return }
        for byte in text {
            let digit = byte &- 0x30
            guard digit < 10 else { return }
            value = value &* 10 &+ Int64(digit)
        }
        set(part, value)
    }

    /// Takes the text of `cost`, in USD. A negative one counts as not stated.
    mutating func takeCost(_ text: UnsafeRawBufferPointer) {
        guard let value = Money(decimal: text), value.pico >= 0 else { return }
        cost = value
    }

    /// What `later` states replaces what was stated before.
    mutating func merge(_ later: StatedUsage) {
        for part in Part.allCases where later.states(part) { set(part, later[part]) }
        cost = later.cost ?? cost
    }

    private func states(_ part: Part) -> Bool { stated >> part.rawValue & 1 == 1 }

    /// Zero where it was not stated.
    private subscript(part: Part) -> Int64 {
        guard states(part) else { return 0 }
        return switch part {
        case .prompt: prompt
        case .completion: completion
        case .total: total
        case .cached: cached
        case .cacheWrite: cacheWrite
        case .reasoning: reasoning
        case .cacheReadBeside: cacheReadBeside
        case .cacheWriteBeside: cacheWriteBeside
        }
    }

    private mutating func set(_ part: Part, _ value: Int64) {
        stated |= 1 << part.rawValue
        switch part {
        case .prompt: prompt = value
        case .completion: completion = value
        case .total: total = value
        case .cached: cached = value
        case .cacheWrite: cacheWrite = value
        case .reasoning: reasoning = value
        case .cacheReadBeside: cacheReadBeside = value
        case .cacheWriteBeside: cacheWriteBeside = value
        }
    }

    var usage: Usage {
        var result = Usage()
        result.cached = self[.cached].clampedSum(self[.cacheReadBeside])
        result.cacheWrite = self[.cacheWrite].clampedSum(self[.cacheWriteBeside])
        result.prompt = self[.prompt].clampedSum(self[.cacheReadBeside]).clampedSum(self[.cacheWriteBeside])
        result.completion = self[.completion]
        result.reasoning = self[.reasoning]
        result.total = states(.total) ? total : result.prompt.clampedSum(result.completion)
        result.cost = cost
        return result
    }
}

extension Int64 {
    /// The sum, held at the largest value that fits.
    fileprivate func clampedSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
