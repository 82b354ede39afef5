import ORKit

// What the daemon asks upstream about keys by itself: `GET /key`, which costs nothing.

extension KeysService {
    /// Keys asked about in one go: a pool that was rejected as a whole must
    /// not be asked about all at once.
    private static let checksInOneGo = 64
    /// Of those that are asked about only because their turn has come. Few: an
    /// upstream that is slow with them holds up the next go, and with it those
    /// that are in doubt.
    private static let roundsInOneGo = 8

    /// Asks about the suspects whose check is due (ruling 12), about keys whose
    /// long stated rest may be over early (ruling 14), and about those whose
    /// turn on the schedule has come.
    ///
    /// - Returns: how many were asked about.
    @discardableResult
    func check() async -> Int {
        guard let probe else { return 0 }
        let now = clock()
        let due = box.decide { engine, _ -> [KeyID] in
            let suspects = engine.suspects(at: now, limit: Self.checksInOneGo)
            let reports = engine.reportsDue(at: now, limit: Self.checksInOneGo - suspects.count)
            let inDoubt = suspects + reports.filter { !suspects.contains($0) }
            let rounds = engine.roundsDue(at: now, limit: Self.roundsInOneGo)
            return inDoubt + rounds.filter { !inDoubt.contains($0) }
        }
        await withTaskGroup(of: Void.self) { group in
            for (place, key) in due.enumerated() {
                if place >= Self.probesAtOnce { _ = await group.next() }
                group.addTask { [self] in await check(key, probe) }
            }
        }
        return due.count
    }

    /// Whom the store cannot be asked about, or whom upstream does not answer
    /// for, stays due.
    private func check(_ key: KeyID, _ probe: any KeyProbe) async {
        guard let row = try? await store.read({ try KeyTable.row($0, id: key) }),
            let secret = try? store.open(row, for: .check)
        else { return }
        try? await learn(await probe.probe(secret), about: row, at: clock())
    }
}
