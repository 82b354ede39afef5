internal import ORKClient
internal import ORKit

/// One file on its way into the pool.
struct ImportRun {
    /// What is known at the end.
    struct End {
        var report: ImportReport
        /// False when Ctrl-C came first; the counts are the last that were told.
        var isWhole: Bool
    }

    private let session: Session
    private let source: InputFile
    private let rejects: NewFile?

    /// - Throws: before anything is sent, when the file cannot be read or the
    ///   rejects cannot be written.
    init(_ path: String, rejects: String?, _ session: Session) throws {
        self.session = session
        source = try InputFile(path, session)
        guard let rejects, !session.globals.showRequest else {
            self.rejects = nil
            return
        }
        guard source.isRegular else {
            throw CodedError(.usage, "--rejects needs a file that can be read again", hints: [])
        }
        self.rejects = try NewFile(at: rejects)
    }

    func perform(query: [QueryItem]) throws -> End {
        var counts = ImportCounts()
        var report: ImportReport?
        // Line numbers only: eight bytes each, whatever the lines hold.
        var rejected: [Int] = []
        var progress = Progress(session, total: source.size)
        let (session, source) = (session, source)
        let client = session.client(patience: nil)
        Interrupt.install()
        client.isCancelled = { Interrupt.wasAsked }
        do {
            try client.upload(.keysImport, query: query, named: source.path, from: source.read) {
                (record: ImportRecord) in
                switch record {
                case .progress(let now):
                    counts = now
                    progress.update(now, sent: source.sent, force: Interrupt.takeStateWish())
                case .rejected(let line): rejected.append(line.line)
                case .report(let whole): report = whole
                }
                if session.format == .jsonl {
                    try session.out.write(JSONOutput.line(record))
                    try session.out.flush()
                }
            }
        } catch let error as CodedError where error.code == .interrupted {
            progress.clear()
            session.diagnostics.say("interrupted; what was counted is done")
            return End(report: .init(counts, dryRun: session.globals.dryRun), isWhole: false)
        }
        progress.clear()
        guard let report else {
            throw CodedError(
                .daemonAbsent, "the daemon ended the connection before its report",
                hints: ["repeat it; what was added is skipped:   orkctl keys import \(source.path)"])
        }
        try keep(rejected: rejected.isEmpty ? report.rejections.map(\.line) : rejected)
        return End(report: report, isWhole: true)
    }

    private func keep(rejected lines: [Int]) throws {
        guard let rejects, !lines.isEmpty else { return }
        try source.copy(lines: lines, to: rejects)
        try rejects.keep()
    }
}

extension ImportReport {
    /// What is known when no report came.
    init(_ counts: ImportCounts, dryRun: Bool) {
        self.init(counts: counts, dryRun: dryRun, rejections: [], fingerprints: [], milliseconds: 0)
    }
}
