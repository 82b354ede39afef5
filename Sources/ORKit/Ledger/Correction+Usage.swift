extension Correction {
    /// What a request has used by all that is known, where its settlement said
    /// this. A cost that neither states stays unstated.
    public func applied(to settled: Usage) -> Usage {
        var known = settled
        known.prompt = settled.prompt.addingHeld(usage.prompt)
        known.completion = settled.completion.addingHeld(usage.completion)
        known.total = settled.total.addingHeld(usage.total)
        known.cached = settled.cached.addingHeld(usage.cached)
        known.cacheWrite = settled.cacheWrite.addingHeld(usage.cacheWrite)
        known.reasoning = settled.reasoning.addingHeld(usage.reasoning)
        if let cost = usage.cost { known.cost = (settled.cost ?? .zero).addingClamped(cost) }
        return known
    }
}
