/// The strategy's order of the open keys that do not rest for one model, or
/// one class of models.
struct ModelView: Sendable {
    /// A model's name, or `:free` or `:paid`.
    let name: String
    /// The model's class: a key that rests for it is not in here either.
    let restClass: String?
    var order: Order

    func excludes(_ resting: String) -> Bool { resting == name || resting == restClass }
}

extension Roster {
    /// With more keys than this resting for one model, walking past them costs
    /// more than an order of its own.
    static let fewResting = 16
    static let viewLimit = 8

    /// Which order serves the request best. At most 2 × `fewResting` of its
    /// members rest for it, unless all views are taken; whoever picks checks.
    mutating func order(for ask: Ask, in slots: Slots) -> Int? {
        let (model, restClass) = (ask.model ?? Rest.noModel, ask.restClass)
        if restingCounts[model, default: 0] > Self.fewResting { return view(model, restClass, in: slots) }
        if let restClass, restingCounts[restClass, default: 0] > Self.fewResting {
            return view(restClass, nil, in: slots)
        }
        return nil
    }

    private mutating func view(_ name: String, _ restClass: String?, in slots: Slots) -> Int? {
        if let known = views.firstIndex(where: { $0.name == name }) { return known }
        guard mayAddViews, views.count < Self.viewLimit else { return nil }
        var view = ModelView(name: name, restClass: restClass, order: Order(strategy))
        for place in slots.indices where base.contains(place) {
            guard !slots[place].restingModels.contains(where: view.excludes) else { continue }
            view.order.set(
                place, stamp: slots[place].stamp, id: slots[place].id.raw, weight: drawnWeight(slots[place]),
                priority: slots[place].rank)
        }
        views.append(view)
        return views.count - 1
    }

    /// Takes the key's model rests out of the counts.
    mutating func withdraw(_ place: Int, in slots: inout Slots) {
        for model in slots[place].restingModels {
            guard let count = restingCounts[model] else { continue }
            restingCounts[model] = count > 1 ? count - 1 : nil
            if count - 1 <= Self.fewResting / 2 { views.removeAll { $0.name == model } }
        }
        slots[place].restingModels = []
    }

    /// Counts the key's model rests as they are now.
    mutating func deposit(_ place: Int, in slots: inout Slots, at now: WallTime) {
        guard !slots[place].facts.rests.isEmpty else { return }
        var models: [String] = []
        for rest in slots[place].facts.rests where rest.isActive(at: now) {
            if let model = rest.model, !models.contains(model) { models.append(model) }
        }
        slots[place].restingModels = models
        for model in models { restingCounts[model, default: 0] += 1 }
    }
}
