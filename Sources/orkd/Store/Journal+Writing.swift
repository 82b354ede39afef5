internal import GRDB
import ORKit

// The writer's thread: take all that waits, one transaction, tell.

extension Journal {
    func run() {
        ThreadTurns.long.take()
        while var batch = next() {
            if batch.limitsStir { batch.limitNews.add(monitor.withLock { limitNews }()) }
            do {
                try commitSomehow(batch)
                succeeded(batch)
            } catch {
                failed(batch, error)
            }
        }
    }

    /// Sleeps until there is something to write. Nil: closed and empty.
    private func next() -> Intake? {
        monitor.withLock {
            writingSince = nil
            while true {
                if intake.closing && intake.isEmpty { return nil }
                let now = Monitor.now
                if !intake.changes.isEmpty || intake.closing { return take() }
                guard let since = intake.since else {
                    if conditions.contains(.storageUnavailable) {
                        // Nobody may write until we say that it is possible.
                        if now >= retryAt { return Intake(probes: true) }
                        sleep = .gathering
                        monitor.wait(until: retryAt)
                        sleep = .awake
                        continue
                    }
                    sleep = .idle
                    monitor.wait()
                    sleep = .awake
                    continue
                }
                let patience = intake.isPatient ? Self.recordGathering : Self.gathering
                let due = intake.records.count >= Self.plenty ? retryAt : max(since + patience, retryAt)
                if now >= due { return take() }
                sleep = .gathering
                monitor.wait(until: due)
                sleep = .awake
            }
        }
    }

    private func take() -> Intake {
        var batch = Intake()
        swap(&batch, &intake)
        intake.closing = batch.closing
        writingSince = batch.since
        return batch
    }

    /// On a full disk once more, on the room that was kept for it.
    private func commitSomehow(_ batch: Intake) throws {
        do {
            try commit(batch)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            guard let ballast, ballast.giveUp() else { throw error }
            condition(.storageUnavailable, true)
            try commit(batch)
        }
    }

    private func commit(_ batch: Intake) throws {
        try writer.writeWithoutTransaction { db in
            var rows = 0
            try db.inTransaction(.immediate) {
                // Before the changes, which read rows: what was learnt is in them.
                for (key, account) in batch.accounts {
                    try KeyTable.learn(account.name, of: key, at: account.at, db)
                }
                try LimitUseTable.put(batch.limitNews, db)
                for change in batch.changes { try change.perform(db) }
                for (key, facts) in batch.facts { try KeyFactsTable.put(facts, of: key, db) }
                for (key, use) in batch.uses { try QuotaUseTable.put(use, of: key, db) }
                for (key, limits) in batch.limits {
                    for limit in limits.values { try UpstreamLimitTable.put(limit, of: key, db) }
                }
                for transition in batch.transitions { try KeyTransitionTable.append(transition, db) }
                for mark in batch.marks { try EventNoteTable.append(mark, db) }
                for (key, change) in batch.capacities { try EventNoteTable.append(change, of: key, db) }
                for note in batch.notes { try EventNoteTable.append(note, db) }
                rows = try RequestTable.append(batch.records, db)
                try ClientUseTable.add(batch.records, db)
                if batch.probes { try SettingTable.touch(db) }
                return .commit
            }
            monitor.withLock { statistics.recordRows += Int64(rows) }
            // A reader in the middle of something may keep the log alive; it
            // is then emptied by the next one.
            if batch.truncate { _ = try? db.checkpoint(.truncate) }
        }
    }

    private func succeeded(_ batch: Intake) {
        let isRoomy = monitor.withLock {
            statistics.commits += 1
            statistics.records += Int64(batch.records.count)
            retryAt = batch.probes ? Monitor.now + Self.probing : 0
            return intake.records.count < Self.capacity / 2
        }
        failuresInARow = 0
        for change in batch.changes { change.finish(nil) }
        if batch.holdsEvents { observer.onEvents() }
        if ballast?.take() ?? true { condition(.storageUnavailable, false) }
        if isRoomy { condition(.journalBehind, false) }
        noteDropped()
    }

    /// Nothing of the batch is on disk. What somebody waits for fails; the
    /// rest stays in memory as far as there is room, older before newer.
    private func failed(_ batch: Intake, _ error: any Error) {
        failuresInARow += 1
        let pause = min(Int64(5_000_000_000), 100_000_000 << Int64(min(failuresInARow - 1, 6)))
        monitor.withLock {
            statistics.failedCommits += 1
            retryAt = Monitor.now + pause
            if batch.closing {
                statistics.dropped += Int64(batch.records.count)
                return
            }
            intake.facts.merge(batch.facts) { newer, _ in newer }
            intake.accounts.merge(batch.accounts) { newer, _ in newer }
            let records = batch.records + intake.records
            statistics.dropped += Int64(max(0, records.count - Self.capacity))
            intake.records = Array(records.prefix(Self.capacity))
            intake.transitions = Array((batch.transitions + intake.transitions).prefix(Self.capacity))
            intake.marks = Array((batch.marks + intake.marks).prefix(Self.capacity))
            intake.notes = batch.notes + intake.notes
            var news = batch.limitNews
            news.add(intake.limitNews)
            intake.limitNews = news
            intake.limitsStir = intake.limitsStir || batch.limitsStir
            intake.truncate = intake.truncate || batch.truncate
            if !intake.isEmpty { intake.since = batch.since ?? intake.since }
        }
        let coded = (error as? DatabaseError)?.coded ?? (error as? CodedError) ?? CodedError(.internalError)
        for change in batch.changes { change.finish(coded) }
        condition(.storageUnavailable, true)
        noteDropped()
        if (error as? DatabaseError)?.isLostSync == true { observer.onLostSync() }
    }

    private func noteDropped() {
        let dropped = monitor.withLock { statistics.dropped }
        if dropped > droppedSeen { condition(.journalBehind, true) }
        droppedSeen = dropped
    }

    private func condition(_ code: ErrorCode, _ holds: Bool) {
        guard conditions.contains(code) != holds else { return }
        if holds { conditions.insert(code) } else { conditions.remove(code) }
        observer.onCondition(code, holds)
    }
}
