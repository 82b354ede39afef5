import ORKit

/// Tells the service manager that we live, and only while we do: every event
/// loop has answered, and the engine's lock can be had. Without a manager
/// that watches there is nothing to do.
struct Watchdog: Sendable {
    let notify: Notify
    let state: DaemonState
    let box: EngineBox

    func run() async {
        guard let interval = notify.watchdogInterval else { return }
        while !Task.isCancelled {
            await state.loops?.onEach { _ in }
            _ = box.decide { engine, _ in engine.count }
            notify.watchdog()
            do { try await Task.sleep(for: .milliseconds(interval)) } catch { return }
        }
    }
}
