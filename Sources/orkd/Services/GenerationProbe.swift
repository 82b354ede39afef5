import ORKit

/// Asks the upstream for its record of one generation (`GET /generation`):
/// costs nothing.
protocol GenerationProbe: Sendable {
    func usage(of generation: String, _ secret: Secret) async -> Inquiry.Answer
}
