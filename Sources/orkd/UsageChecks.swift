import ORKit

/// Fetches missing usage when it is time to. A loop of its own: an upstream
/// that does not answer must not hold up anything else.
struct UsageChecks: Sendable {
    let missing: MissingUsage
    let isWanted: @Sendable () -> Bool

    func run() async {
        while !Task.isCancelled {
            if isWanted(), await missing.check() { continue }
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }
}
