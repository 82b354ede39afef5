import ORKit

/// The models as the upstream listed them once. Does not change.
struct ModelList: Sendable {
    let table: PriceTable
    let at: WallTime
    /// Elements of the list that could not be read.
    let unread: Int

    init(_ catalogue: ModelCatalogue, at: WallTime) {
        table = PriceTable(catalogue.models)
        self.at = at
        unread = catalogue.unread
    }

    /// In the order of the providers' names.
    var providers: [ModelProviderView] {
        Dictionary(grouping: table.models, by: \.provider).map(ModelProviderView.init)
            .sorted { $0.name < $1.name }
    }
}
