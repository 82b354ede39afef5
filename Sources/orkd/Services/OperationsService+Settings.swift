internal import GRDB
import ORKit

// Settings that change at run time, and draining.

extension OperationsService {
    private static let strategySetting = "pool.strategy"

    /// What was chosen at run time and survived the restart (RT-16); nil when
    /// the configuration decides.
    func loadStrategy() async throws -> Strategy? {
        try store.loadStrategy()
    }

    /// The effective settings: what is stored wins over the configuration.
    func settings() async throws -> [SettingView] {
        guard let stored = try await loadStrategy() else { return controls.settings() }
        return controls.settings().map { setting in
            setting.name == Self.strategySetting ? Self.view(stored) : setting
        }
    }

    func check(configuration text: [UInt8]) async throws -> [ConfigFinding] { try await controls.check(text) }

    /// Durable first, then in force.
    func set(_ request: ConfigSet, _ order: Order) async throws -> Changes<SettingView> {
        guard let strategy = request.strategy else {
            throw CodedError(.badValue, "name a setting to change: strategy")
        }
        return try await turns.take {
            let now = clock()
            let present = box.decide { engine, _ in engine.strategy }
            let isStored = try await store.transact(dryRun: order.dryRun) { db in
                guard try SettingTable.value(.strategy, db) != strategy.rawValue || present != strategy else {
                    return false
                }
                try SettingTable.put(.strategy, strategy.rawValue, db)
                try AuditTable.append(
                    "config.set", Self.strategySetting, by: order.actor, at: now.wall,
                    before: ["value": .text(present.rawValue)], after: ["value": .text(strategy.rawValue)], db
                )
                return true
            }
            if isStored, !order.dryRun {
                box.change { engine, _, effects in effects += engine.apply(.strategy(strategy), at: now) }
            }
            return Changes(items: [
                Change(
                    item: Self.view(strategy), changed: isStored, outcome: isStored ? "changed" : "unchanged")
            ])
        }
    }

    /// Takes over what may change of a configuration that was read again. A
    /// strategy that was chosen at run time stays.
    ///
    /// - Parameter before: the settings that change, for the audit row: a
    ///   change that cannot be recorded does not happen.
    /// - Returns: the settings that stay, because they were set at run time.
    func adopt(
        _ settings: EngineSettings, _ retention: Retention, before: [String: String], after: [String: String]
    ) async throws -> Set<String> {
        try await turns.take {
            let now = clock()
            try await store.transact { db in
                try AuditTable.append(
                    "config.reload", "configuration", by: .daemon, at: now.wall,
                    before: before.mapValues { .text($0) }, after: after.mapValues { .text($0) }, db)
            }
            keep(for: retention)
            let isChosen = try store.loadStrategy() != nil
            box.change { engine, _, effects in
                engine.adopt(settings, at: now)
                guard !isChosen, engine.strategy != settings.strategy else { return }
                effects += engine.apply(.strategy(settings.strategy), at: now)
            }
            return isChosen ? [Self.strategySetting] : []
        }
    }

    func drain(_ order: Order) async throws -> DrainReport { try await drain(true, order) }

    func resume(_ order: Order) async throws -> DrainReport { try await drain(false, order) }

    private func drain(_ draining: Bool, _ order: Order) async throws -> DrainReport {
        let now = clock().wall
        // Draining helps most when the disk is in trouble: it must not need it.
        do {
            try await store.transact(dryRun: order.dryRun) { db in
                try AuditTable.append(
                    draining ? "daemon.drain" : "daemon.resume", "daemon", by: order.actor, at: now, db)
            }
        } catch let error as CodedError where error.code == .storageUnavailable {}
        guard !order.dryRun else { return DrainReport(draining: draining, inFlight: inFlight) }
        return await controls.drain(draining)
    }

    private static func view(_ strategy: Strategy) -> SettingView {
        SettingView(name: strategySetting, value: strategy.rawValue, source: "stored", changeable: true)
    }
}
