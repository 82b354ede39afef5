/// What a model costs, by the classes of tokens that are charged apart.
public struct TokenPrices: Hashable, Sendable {
    /// Of a token of the prompt that is in no class of its own.
    public var prompt = Price.unknown
    /// Of a token of the answer that is in no class of its own.
    public var completion = Price.unknown
    /// Of a token of the prompt that the upstream had in its cache.
    public var cachedRead = Price.unknown
    /// Of a token of the prompt that it put there.
    public var cacheWrite = Price.unknown
    /// Of a token of the answer that was thought, not said.
    public var reasoning = Price.unknown
    public var request = Price.free
    /// Of an image in the prompt.
    public var image = Price.free

    public init() {}

    /// Whatever class a token of the prompt turns out to be in.
    public var promptBound: Price { prompt.orHigher(cachedRead).orHigher(cacheWrite) }
    public var completionBound: Price { completion.orHigher(reasoning) }

    /// Each class by itself.
    public func orHigher(_ other: TokenPrices) -> TokenPrices {
        var result = self
        for path in Self.classes {
            result[keyPath: path] = self[keyPath: path].orHigher(other[keyPath: path])
        }
        return result
    }

    private static var classes: [WritableKeyPath<TokenPrices, Price>] {
        [\.prompt, \.completion, \.cachedRead, \.cacheWrite, \.reasoning, \.request, \.image]
    }

    /// In the order of the classes, for keeping.
    public var numbers: [Int64] { Self.classes.map { self[keyPath: $0].pico } }

    /// - Parameter numbers: as `numbers` gave them.
    public init?(numbers: [Int64]) {
        guard numbers.count == Self.classes.count else { return nil }
        for (path, number) in zip(Self.classes, numbers) { self[keyPath: path] = Price(pico: number) }
    }

    /// What so many tokens of each class cost in one answer to one request.
    /// Nil when a price that it takes is unknown, or when it does not fit.
    public func cost(of tokens: TokenClasses, images: Int64 = 0) -> Money? {
        [
            prompt.times(tokens.prompt), cachedRead.times(tokens.cachedRead),
            cacheWrite.times(tokens.cacheWrite), completion.times(tokens.completion),
            reasoning.times(tokens.reasoning), request.times(1), image.times(images),
        ].reduce(.zero) { sum, part in part.flatMap { sum?.adding($0) } }
    }
}

extension TokenPrices {
    /// Reads `pricing` of a model, or what changes it in a case.
    ///
    /// A class without a price, or with one of 0 where the whole costs
    /// something, is not priced apart: its tokens cost what the others do.
    ///
    /// - Parameter usual: what holds where nothing is said.
    init(_ pricing: JSONValue?, over usual: TokenPrices? = nil) {
        func stated(_ name: String) -> Price? {
            guard let value = pricing?[name], !value.isNull else { return nil }
            return value.scalar.flatMap { Price(decimal: $0) } ?? .unknown
        }
        func part(_ name: String, _ before: Price?, of whole: Price, _ wholeBefore: Price?) -> Price {
            guard let price = stated(name) ?? (before == wholeBefore ? nil : before), price != .free else {
                return whole
            }
            return price
        }
        prompt = stated("prompt") ?? usual?.prompt ?? .unknown
        completion = stated("completion") ?? usual?.completion ?? .unknown
        cachedRead = part("input_cache_read", usual?.cachedRead, of: prompt, usual?.prompt)
        cacheWrite = part("input_cache_write", usual?.cacheWrite, of: prompt, usual?.prompt)
        reasoning = part("internal_reasoning", usual?.reasoning, of: completion, usual?.completion)
        request = stated("request") ?? usual?.request ?? .free
        image = stated("image") ?? usual?.image ?? .free
    }
}
