internal import GRDB
import ORKit

// The writer's thread: take all that waits, one transaction, tell.

extension Journal {
    func run() {
        ThreadTurns.long.take()
        while var batch = next() {
            // What is reserved on disk is counted there too: a restart grants nothing twice.
            if batch.bringsNews { takeNews(&batch) }
            do {
                try commitSomehow(batch)
                succeeded(batch)
                tendLog(emptying: batch.intake.truncate)
            } catch {
                failed(batch, error)
            }
        }
        keepSums()
    }

    /// What fails here was committed all the same, and more can be; but the log
    /// grows until the database takes it, so that nobody new is served before.
    private func tendLog(emptying: Bool) {
        do {
            try log?.tend(writer, emptying: emptying, at: Monitor.now)
        } catch {
            guard let error = error as? DatabaseError else { return }
            if error.isBrokenDisk { condition(.storageUnavailable, true) }
            if error.isLostSync { observer.onLostSync() }
        }
    }

    private func takeNews(_ batch: inout Batch) {
        let isWhole = batch.line.isEmpty || limitRows.areDue(withOthers: !batch.intake.isEmpty)
        let (older, limitNews, budgetNews) = monitor.withLock {
            (intake.takeNews(), self.limitNews, self.budgetNews)
        }
        batch.intake.limitNews.add(older.0)
        batch.intake.limitNews.add(limitNews(isWhole))
        batch.holdsAllLimits = isWhole || batch.intake.limitNews.clock != nil
        batch.intake.budgetNews.add(older.1)
        batch.intake.budgetNews.add(budgetNews())
    }

    /// The next start has less to read then.
    private func keepSums() {
        guard var end = ledger, end.hasNews else { return }
        do {
            try writer.write { try end.keepSums($0) }
        } catch {
            if (error as? DatabaseError)?.isLostSync == true { log?.keep() }
        }
        ledger = nil
    }

    /// What one commit writes.
    struct Batch {
        var intake = Intake()
        var line = Line()

        /// Whether it takes along what is new in the use of limits and budgets.
        var bringsNews: Bool { intake.limitsStir || intake.limitNews.clock != nil || !line.isEmpty }
        /// All that is used of limits is in it, or on disk already.
        var holdsAllLimits = false
    }

    /// Sleeps until there is something to write. Nil: closed and empty.
    private func next() -> Batch? {
        monitor.withLock {
            writingSince = nil
            while true {
                if intake.closing && intake.isEmpty && line.isEmpty { return nil }
                let now = Monitor.now
                if !intake.changes.isEmpty || intake.closing { return take() }
                let due = intakeDue
                if !line.isEmpty, now >= max(isLineComplete ? now : lineDue, retryAt) {
                    // What can wait for company does not go with every line, but with one of them.
                    guard let due, now >= due else { return Batch(intake: Intake(), line: takeLine()) }
                    return take()
                }
                let alone = due.map { now - lastLine < Self.recently ? $0 + Self.lineComes : $0 }
                if let alone, now >= alone { return take() }
                // Also where nothing waits yet: who comes until then need not wake the writer.
                let next = line.isEmpty ? (lineDue > now ? lineDue : .max) : max(lineDue, retryAt)
                let date = min(alone ?? .max, next)
                if date < .max {
                    sleep = .gathering
                    monitor.wait(until: date)
                } else if conditions.contains(.storageUnavailable) {
                    // Nobody may write until we say that it is possible.
                    if now >= retryAt { return Batch(intake: Intake(probes: true)) }
                    sleep = .gathering
                    monitor.wait(until: retryAt)
                } else {
                    sleep = .idle
                    monitor.wait()
                }
                sleep = .awake
            }
        }
    }

    /// When what waits for company has waited long enough.
    private var intakeDue: Int64? {
        guard let since = intake.since else { return nil }
        let patience = intake.isPatient ? Self.recordGathering : Self.gathering
        return intake.records.count >= Self.plenty ? retryAt : max(since + patience, retryAt)
    }

    private func take() -> Batch {
        var batch = Intake()
        swap(&batch, &intake)
        intake.closing = batch.closing
        writingSince = batch.since
        return Batch(intake: batch, line: takeLine())
    }

    private func takeLine() -> Line {
        var batch = Line()
        swap(&batch, &line)
        return batch
    }

    /// On a full disk once more, on the room that was kept for it.
    private func commitSomehow(_ batch: Batch) throws {
        do {
            try commit(batch)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            guard let ballast, ballast.giveUp() else { throw error }
            condition(.storageUnavailable, true)
            try commit(batch)
        }
    }

    private func commit(_ batch: Batch) throws {
        do {
            try write(batch)
        } catch {
            // It may have been made although it is reported as failed: where the ledger ends is asked of the disk.
            ledger = nil
            throw error
        }
    }

    private func write(_ batch: Batch) throws {
        let (intake, line) = (batch.intake, batch.line)
        if !line.isEmpty { FailPoint.pass(.beforeCommit) }
        try writer.writeWithoutTransaction { db in
            var rows = 0
            var contradictions: [Posting] = []
            try Self.transact(db) {
                // Before the changes, which read rows: what was learnt is in them.
                for (key, account) in intake.accounts {
                    try KeyTable.learn(account.name, of: key, at: account.at, db)
                }
                try LimitUseTable.put(intake.limitNews, db)
                try BudgetUseTable.put(intake.budgetNews, db)
                for change in intake.changes { try change.perform(db) }
                contradictions = try append(
                    line.postings, with: intake.changes.flatMap(\.postings), intake.limitNews.row, db)
                if batch.holdsAllLimits { try LimitUseTable.markRow(db) }
                for (key, facts) in intake.facts { try KeyFactsTable.put(facts, of: key, db) }
                for (key, use) in intake.uses { try QuotaUseTable.put(use, of: key, db) }
                for (key, limits) in intake.limits {
                    for limit in limits.values { try UpstreamLimitTable.put(limit, of: key, db) }
                }
                for transition in intake.transitions { try KeyTransitionTable.append(transition, db) }
                for mark in intake.marks { try EventNoteTable.append(mark, db) }
                for (key, change) in intake.capacities { try EventNoteTable.append(change, of: key, db) }
                for note in intake.notes { try EventNoteTable.append(note, db) }
                rows = try RequestTable.append(intake.records.batches, db)
                try ClientUseTable.add(intake.records.batches, db)
                if intake.probes { try SettingTable.touch(at: clock(), db) }
            }
            // Perhaps there was no row for what was counted.
            if !contradictions.isEmpty { limitRows.areInDoubt = true }
            for posting in contradictions { observer.onContradiction(posting) }
            monitor.withLock { statistics.recordRows += Int64(rows) }
        }
    }

    /// A transaction by prepared statements: the library's own would parse
    /// `BEGIN` and `COMMIT` anew for each.
    private static func transact(_ db: Database, _ body: () throws -> Void) throws {
        try db.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
        do {
            try body()
            try db.cachedStatement(sql: "COMMIT").execute()
        } catch {
            // After some errors SQLite has rolled back by itself.
            if db.isInsideTransaction { try? db.rollback() }
            throw error
        }
    }

    /// Adds a row to the ledger.
    ///
    /// - Returns: what contradicts it, and is not in it.
    private func append(
        _ postings: [Posting], with others: [Posting], _ limits: LimitIncrement?, _ db: Database
    ) throws -> [Posting] {
        guard !postings.isEmpty || !others.isEmpty else { return [] }
        var end = try ledger ?? LedgerEnd(db)
        // Until the commit has succeeded nobody knows the end.
        ledger = nil
        var postings = postings
        if let doubt, doubt.link == end.link { postings.removeFirst(min(doubt.count, postings.count)) }
        doubt = nil
        let count = postings.count
        // Should this commit fail, those of the others are not tried again.
        if !others.isEmpty { postings += others }
        let contradictions = try end.append(postings, limits: limits, at: clock(), db)
        doubt = Doubt(link: end.link, count: count)
        ledger = end
        return contradictions
    }

    private func succeeded(_ batch: Batch) {
        let intake = batch.intake
        let isRoomy = monitor.withLock {
            statistics.commits += 1
            statistics.records += Int64(intake.records.count)
            if !batch.line.isEmpty {
                statistics.postings += Int64(batch.line.postings.count)
                statistics.postingCommits += 1
                lastLine = Monitor.now
                lastCount = batch.line.postings.count
                lineDue = lastLine + (lastCount < Self.crowd ? 0 : patience)
            }
            retryAt = intake.probes ? Monitor.now + Self.probing : 0
            return self.intake.records.count < Self.capacity / 2
        }
        failuresInARow = 0
        if !batch.line.isEmpty { doubt = nil }
        if batch.holdsAllLimits {
            limitRows = LimitRows(wroteAll: Monitor.now)
        } else if !batch.line.isEmpty {
            limitRows.count += 1
        }
        if !batch.line.isEmpty { FailPoint.pass(.afterCommit) }
        // First those who wait with a caller behind them.
        if !batch.line.tickets.isEmpty { observer.onPosted(batch.line.tickets) }
        for change in intake.changes { change.finish(nil) }
        if intake.holdsEvents { observer.onEvents() }
        if log?.isStuck != true, ballast?.take() ?? true { condition(.storageUnavailable, false) }
        if isRoomy { condition(.journalBehind, false) }
        noteDropped()
    }

    /// Lines wait for company when so many came together last: while few come
    /// none does, since each sync serves whoever came during the one before.
    private static let crowd = 16

    /// Nothing of the batch is on disk. What somebody waits for fails; the
    /// rest stays in memory as far as there is room, older before newer.
    private func failed(_ batch: Batch, _ error: any Error) {
        failuresInARow += 1
        limitRows.areInDoubt = true
        var old = batch.intake
        old.limitNews.row = nil
        let pause = min(Int64(5_000_000_000), 100_000_000 << Int64(min(failuresInARow - 1, 6)))
        monitor.withLock {
            statistics.failedCommits += 1
            retryAt = Monitor.now + pause
            if old.closing {
                statistics.dropped += Int64(old.records.count + batch.line.postings.count)
                return
            }
            if !batch.line.isEmpty { line.putBack(batch.line) }
            intake.facts.merge(old.facts) { newer, _ in newer }
            intake.accounts.merge(old.accounts) { newer, _ in newer }
            statistics.dropped += Int64(intake.records.putBack(old.records, atMost: Self.capacity))
            intake.transitions = Array((old.transitions + intake.transitions).prefix(Self.capacity))
            intake.marks = Array((old.marks + intake.marks).prefix(Self.capacity))
            intake.notes = old.notes + intake.notes
            var news = old.limitNews
            news.add(intake.limitNews)
            intake.limitNews = news
            var spent = old.budgetNews
            spent.add(intake.budgetNews)
            intake.budgetNews = spent
            intake.limitsStir = intake.limitsStir || old.limitsStir
            intake.truncate = intake.truncate || old.truncate
            if !intake.isEmpty { intake.since = old.since ?? intake.since }
        }
        let coded = (error as? DatabaseError)?.coded ?? (error as? CodedError) ?? CodedError(.internalError)
        for change in old.changes { change.finish(coded) }
        condition(.storageUnavailable, true)
        if !batch.line.isEmpty { observer.onPostsDelayed() }
        noteDropped()
        guard let error = error as? DatabaseError else { return }
        if error.isBrokenDisk { observer.onBrokenDisk() }
        if error.isLostSync {
            log?.keep()
            observer.onLostSync()
        }
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
