import ORKit

/// Asks the upstream what models there are (`GET /models`): costs nothing.
protocol ModelProbe: Sendable {
    /// - Throws: `CodedError` with what kept it from answering.
    func models(_ secret: Secret) async throws -> ModelCatalogue
}
