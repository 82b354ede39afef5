import ORKit

/// Asks upstream about keys that need it, once a second. A loop of its own:
/// an upstream that does not answer must not hold up the rest of the upkeep.
struct KeyChecks: Sendable {
    let keys: KeysService

    func run() async {
        while !Task.isCancelled {
            await keys.check()
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }
}
