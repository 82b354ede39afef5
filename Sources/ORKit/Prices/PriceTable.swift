/// The models that can be asked for, by id. Does not change: what is learnt
/// makes a new one.
public struct PriceTable: Sendable {
    public let models: [ModelOffer]
    private let places: [String: Int]

    /// - Parameters:
    ///   - models: of two with one id the first counts; a slug that is the id
    ///     of another is that one.
    ///   - overrides: what holds in place of the prices of some; nothing where
    ///     it names none of them.
    public init(_ models: [ModelOffer] = [], overrides: [PriceOverride] = []) {
        let words = Dictionary(overrides.map { ($0.model, $0) }) { first, _ in first }
        let models =
            words.isEmpty
            ? models : models.map { model in words[model.id].map { model.priced(by: $0) } ?? model }
        self.models = models
        var places: [String: Int] = [:]
        places.reserveCapacity(models.count)
        for (place, model) in models.enumerated() where places[model.id] == nil { places[model.id] = place }
        for (place, model) in models.enumerated() {
            if let slug = model.slug, places[slug] == nil { places[slug] = place }
        }
        self.places = places
    }

    /// Suffixes that say where a model is to run: it is the same one, at no
    /// other price in the list.
    private static let routes: Set<Substring> = ["nitro", "floor", "exacto", "batch"]
    private static let mostRoutes = 2

    /// The model that a name stands for. `:free` and its like are models of
    /// their own, here as upstream; presets and `:online`, which adds what no
    /// list knows, are none.
    public subscript(name: String) -> ModelOffer? { place(of: name).map { models[$0] } }

    /// The most tokens that one answer of a model can have: by the list, else
    /// what prompt and answer have together. Nil: not known.
    public func longestAnswer(of name: String) -> Int64? {
        place(of: name).flatMap { models[$0].longestAnswer ?? models[$0].context }
    }

    private func place(of name: String) -> Int? {
        guard !places.isEmpty else { return nil }
        if let place = places[name] { return place }
        var rest = name[...]
        for _ in 0..<Self.mostRoutes {
            // By bytes: characters take a hundred times longer, and every request comes here.
            guard let colon = rest.utf8.lastIndex(of: 0x3A),
                Self.routes.contains(rest[rest.utf8.index(after: colon)...])
            else { return nil }
            rest = rest[..<colon]
            if let place = places[String(rest)] { return place }
        }
        return nil
    }

    /// What an answer cost by the list: for reservations, and where the
    /// upstream stated no cost.
    ///
    /// - Returns: nil when the model or a price that it takes is unknown.
    public func estimate(_ usage: Usage, model: String, images: Int64 = 0) -> Money? {
        guard let model = self[model] else { return nil }
        let isLong = model.longFrom.map { usage.prompt >= $0 } ?? false
        return (isLong ? model.dearestLong : model.prices).cost(of: TokenClasses(usage), images: images)
    }

    /// The most that a request can use, whichever of the models answers it.
    ///
    /// - Parameter models: all that may, fallbacks included.
    /// - Returns: nil when there is no bound: a model or a price is unknown,
    ///   nothing limits the prompt or the answer, or it does not fit.
    public func worstCase(of request: RequestBound, models: [String]) -> WorstCase? {
        var worst: WorstCase?
        for name in models {
            guard let one = self[name].flatMap({ request.worstCase(with: $0) }) else { return nil }
            worst = WorstCase(
                tokens: max(worst?.tokens ?? 0, one.tokens), cost: max(worst?.cost ?? .zero, one.cost))
        }
        return worst
    }
}
