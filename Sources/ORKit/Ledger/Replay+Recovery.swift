extension Replay {
    /// How reservations end that nobody settled before the process died.
    ///
    /// The rule: what was held is given back and nothing is charged, for no
    /// answer was seen complete (ruling 1). Where an answer had begun, what it
    /// cost is unknown until the upstream is asked by its generation's id;
    /// where none had, there may have been an attempt all the same, and the
    /// upstream's own sums will show it.
    public var recovery: [Posting] {
        open.sorted { $0.key < $1.key }.map { request, open in
            .settle(
                Settlement(
                    request: request, user: open.user, client: open.client, key: open.key, model: nil,
                    end: .interrupted, usage: Usage(), quality: .unknown, held: open.credits, charged: 0,
                    generation: open.generation))
        }
    }
}
