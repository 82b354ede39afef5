import NIOCore
import ORKit

/// Asks the upstream for its list of models over the data path's own
/// connections.
struct UpstreamModels: ModelProbe {
    let state: DaemonState

    /// The list is long, and made at the edge.
    private static let patience = TimeAmount.seconds(30)

    func models(_ secret: Secret) async throws -> ModelCatalogue {
        guard let context = state.loops?.contexts.first else {
            throw CodedError(.upstreamUnreachable, "the daemon is starting")
        }
        do {
            return try Self.read(
                try await UpstreamQuestion.get(
                    "/v1/models", secret: secret, on: context, timeout: Self.patience,
                    bound: ModelCatalogue.longestAnswer))
        } catch let failed as UpstreamQuestion.Failed {
            throw CodedError(
                .upstreamUnreachable, Classifier.classify(transport: failed.failure).evidence)
        }
    }

    /// A list without a single model would take away what is known, and is
    /// more likely to be no such list.
    static func read(_ answer: UpstreamQuestion.Answer) throws -> ModelCatalogue {
        guard answer.status == 200 else {
            throw CodedError(.upstreamError, "the upstream answered GET /models with \(answer.status)")
        }
        guard let catalogue = ModelCatalogue(answer: answer.body), !catalogue.models.isEmpty else {
            throw CodedError(.upstreamError, "the upstream's answer to GET /models is no list of models")
        }
        return catalogue
    }
}
