internal import ORKClient
internal import ORKit

/// What the prompt says: how many keys are usable, or why nobody answers.
struct PoolState {
    let prompt: String

    /// A person waits: one short question, and no word when it fails.
    static func ask(_ session: Session) -> PoolState {
        let client = ControlClient(socket: SocketPath.find(nil), timeout: .milliseconds(150))
        do {
            let report: ItemEnvelope<StatusReport> = try client.get(.status)
            let usable = report.item.keys.byState[KeyState.usable.rawValue] ?? 0
            let draining = report.item.serving == "draining" ? " draining" : ""
            return PoolState(prompt: "ork \(usable)/\(report.item.keys.total)\(draining)> ")
        } catch let error as CodedError where error.code == .daemonAbsent {
            return PoolState(prompt: "ork (offline)> ")
        } catch let error as CodedError where error.code == .timedOut {
            return PoolState(prompt: "ork (busy)> ")
        } catch let error as CodedError {
            return PoolState(prompt: "ork (\(error.code.rawValue))> ")
        } catch {
            return PoolState(prompt: "ork> ")
        }
    }
}
