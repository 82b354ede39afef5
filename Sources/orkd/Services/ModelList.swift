import ORKit

/// The models as the upstream listed them once. Does not change.
struct ModelList: Sendable {
    /// As the upstream says.
    let listed: [ModelOffer]
    /// With the prices that operators state in place of the upstream's.
    let table: PriceTable
    let at: WallTime
    /// Elements of the list that could not be read.
    let unread: Int

    init(_ catalogue: ModelCatalogue, at: WallTime, overrides: [PriceOverride] = []) {
        self.init(listed: catalogue.models, unread: catalogue.unread, at: at, overrides: overrides)
    }

    private init(listed: [ModelOffer], unread: Int, at: WallTime, overrides: [PriceOverride]) {
        self.listed = listed
        table = PriceTable(listed, overrides: overrides)
        self.at = at
        self.unread = unread
    }

    /// The same list by other words of operators.
    func repriced(by overrides: [PriceOverride]) -> ModelList {
        ModelList(listed: listed, unread: unread, at: at, overrides: overrides)
    }

    /// In the order of the providers' names.
    var providers: [ModelProviderView] {
        Dictionary(grouping: table.models, by: \.provider).map(ModelProviderView.init)
            .sorted { $0.name < $1.name }
    }
}
