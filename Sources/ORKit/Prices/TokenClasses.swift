/// The tokens of an answer, each in exactly one class.
public struct TokenClasses: Hashable, Sendable {
    /// Of the prompt, neither read from a cache nor written to one.
    public var prompt: Int64 = 0
    public var cachedRead: Int64 = 0
    public var cacheWrite: Int64 = 0
    /// Of the answer, without what was thought.
    public var completion: Int64 = 0
    public var reasoning: Int64 = 0

    public init() {}

    /// Takes the parts out of the wholes that contain them. A part that claims
    /// to be more than its whole counts as all of it.
    public init(_ usage: Usage) {
        let whole = max(0, usage.prompt)
        cachedRead = min(whole, max(0, usage.cached))
        cacheWrite = min(whole - cachedRead, max(0, usage.cacheWrite))
        prompt = whole - cachedRead - cacheWrite
        let answer = max(0, usage.completion)
        reasoning = min(answer, max(0, usage.reasoning))
        completion = answer - reasoning
    }
}
