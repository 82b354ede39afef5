/// The numbers of a `usage` object as they are stated, in any of the three
/// dialects (openrouter-api.md 3.2).
struct StatedUsage: Sendable {
    /// What a number is about.
    enum Part: UInt8, Sendable {
        case prompt, completion, total, cached, cacheWrite, reasoning
        /// `cache_read_input_tokens`, `cache_creation_input_tokens`: in the
        /// Messages dialect `input_tokens` does not contain them.
        case cacheReadBeside, cacheWriteBeside
    }

    private var values = SIMD8<Int64>(repeating: 0)
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
        values[Int(part.rawValue)] = value
        stated |= 1 << part.rawValue
    }

    /// Takes the text of `cost`, in USD. A negative one counts as not stated.
    mutating func takeCost(_ text: UnsafeRawBufferPointer) {
        guard let value = Money(decimal: text), value.pico >= 0 else { return }
        cost = value
    }

    /// What `later` states replaces what was stated before.
    mutating func merge(_ later: StatedUsage) {
        for index in 0..<8 where later.stated >> UInt8(index) & 1 == 1 { values[index] = later.values[index] }
        stated |= later.stated
        cost = later.cost ?? cost
    }

    private subscript(part: Part) -> Int64 {
        stated >> part.rawValue & 1 == 1 ? values[Int(part.rawValue)] : 0
    }

    var usage: Usage {
        var result = Usage()
        result.cached = self[.cached].clampedSum(self[.cacheReadBeside])
        result.cacheWrite = self[.cacheWrite].clampedSum(self[.cacheWriteBeside])
        result.prompt = self[.prompt].clampedSum(self[.cacheReadBeside]).clampedSum(self[.cacheWriteBeside])
        result.completion = self[.completion]
        result.reasoning = self[.reasoning]
        let isTotalStated = stated >> Part.total.rawValue & 1 == 1
        result.total = isTotalStated ? self[.total] : result.prompt.clampedSum(result.completion)
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
