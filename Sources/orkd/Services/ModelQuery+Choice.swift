import ORKit

extension ModelQuery {
    /// The models that are meant, in the order wanted: by id, or those that
    /// were named in the order of their names.
    ///
    /// - Throws: `model-not-found` for a name that is none.
    func choose(from table: PriceTable) throws -> [ModelOffer] {
        var models = table.models
        if !select.isEmpty {
            var seen: Set<String> = []
            models = try select.flatMap { try Self.find($0, in: table) }.filter {
                seen.insert($0.id).inserted
            }
        }
        if let match {
            let glob = Glob(match)
            models.removeAll { !glob.matches($0.id) }
        }
        if let provider { models.removeAll { $0.provider != provider } }
        if free { models.removeAll { !$0.isFree } }
        guard let sort else { return models }
        return models.enumerated().sorted { one, other in
            let (a, b) = (sort.key.value(of: one.element), sort.key.value(of: other.element))
            switch (a, b) {
            // What is unknown comes last, whichever way.
            case (let a?, let b?) where a != b: return (a < b) != sort.isDown
            case (nil, .some): return false
            case (.some, nil): return true
            default: return one.offset < other.offset
            }
        }.map(\.element)
    }

    private static func find(_ name: String, in table: PriceTable) throws -> [ModelOffer] {
        guard !Glob.isGlob(name) else {
            let glob = Glob(name)
            return table.models.filter { glob.matches($0.id) }
        }
        guard let model = table[name] else {
            throw CodedError(.modelNotFound, "there is no model “\(KeyFields.shown(name))”")
        }
        return [model]
    }
}

extension ModelQuery.Sort.Key {
    /// Of a token in and a token out together, or of tokens.
    fileprivate func value(of model: ModelOffer) -> Int64? {
        switch self {
        case .context: model.context
        case .price:
            model.isPriced
                ? Money(pico: model.prices.prompt.pico).addingClamped(
                    Money(pico: model.prices.completion.pico)
                ).pico : nil
        }
    }
}
