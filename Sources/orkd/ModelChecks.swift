import ORKit

/// Asks the upstream for its list of models when it is time to. A loop of its
/// own: an upstream that does not answer must not hold up anything else.
struct ModelChecks: Sendable {
    let models: ModelsService

    func run() async {
        while !Task.isCancelled {
            await models.check()
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }
}
