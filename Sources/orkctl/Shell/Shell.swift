// Shell: commands typed one after the other, at a prompt or from a file.
// Here: reading lines, history, completion, what the prompt says. Not here: commands, which run as from outside.
// May import CReadline, ArgumentParser, FoundationEssentials (JSON), Glibc, ORKClient and ORKit.

internal import ArgumentParser
import Glibc
internal import ORKClient
internal import ORKit

struct Shell: Verb {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Give commands one after the other, without the word orkctl.",
        discussion: """
            orkctl shell                           completes commands, options and live names
            orkctl shell < commands.txt            one command a line, # comments

            exit or Ctrl-D leaves, Ctrl-C drops the line or ends the command.
            """)

    @Flag(help: "From a file: go on after a command that failed.")
    var keepGoing = false

    @OptionGroup(title: "Global options") var globals: Globals

    /// Set once, on the only thread there is.
    private(set) nonisolated(unsafe) static var isRunning = false

    func run(in session: Session) throws {
        guard !Self.isRunning else { throw CodedError(.usage, "this is the shell already", hints: []) }
        guard !globals.showRequest else { throw CodedError(.usage, "the shell makes no call of its own") }
        Self.isRunning = true
        handDown()
        let isPerson = session.mayAsk
        if isPerson {
            try Prompt(session).run()
        } else {
            try Batch(keepsGoing: keepGoing, session).run()
        }
    }

    /// What was said to the shell holds for its commands.
    private func handDown() {
        if let socket = globals.socket { setenv("ORKD_SOCKET", socket, 1) }
        if let output = globals.output { setenv("ORKCTL_OUTPUT", output.rawValue, 1) }
        if globals.noPager { setenv("ORKCTL_PAGER", "", 1) }
        if globals.noColor || globals.color == .never { setenv("NO_COLOR", "1", 1) }
        if globals.color == .always { setenv("CLICOLOR_FORCE", "1", 1) }
    }

    /// Runs one line.
    ///
    /// - Returns: the exit code; nil when the shell is to end.
    static func perform(_ line: String) -> Int32? {
        var words: [String]
        do {
            words = try ShellWords.split(line)
        } catch {
            return ExitStatus.conclude(
                error, root: Orkctl.self, Diagnostics(path: ["shell"], isJSON: Invocation.wantsJSON([])))
        }
        // Hints name whole commands, and are there to be pasted.
        if words.first == "orkctl" { words.removeFirst() }
        guard let first = words.first else { return 0 }
        if words.count == 1, LineCompletion.ownWords.contains(first) { return nil }
        Interrupt.reset()
        return Orkctl.run(words)
    }
}

/// A person at a terminal.
struct Prompt {
    private let session: Session
    private let history = History()

    init(_ session: Session) { self.session = session }

    func run() throws {
        Interrupt.catchForShell()
        let completion = CommandTree.load().map { LineCompletion($0) }
        LineEditor.prepare(history: history.load()) { before, text in
            completion?.answer(before: before, text: text) ?? LineCompletion.Answer()
        }
        while true {
            switch LineEditor.read(PoolState.ask(session).prompt) {
            case .text(let line):
                let trimmed = line.trimmed
                if history.add(trimmed) { LineEditor.remember(trimmed) }
                if Shell.perform(trimmed) == nil { return }
            case .dropped: continue
            case .end: return
            case .killed(let number): throw Ended(code: 128 + number)
            }
        }
    }
}

/// Lines from a file or a pipe.
struct Batch {
    private let keepsGoing: Bool
    private let session: Session

    init(keepsGoing: Bool, _ session: Session) {
        self.keepsGoing = keepsGoing
        self.session = session
    }

    /// - Throws: `Ended` with the code of the first command that failed; 3
    ///   when others went well after it.
    func run() throws {
        let lines = try takeInput()
        defer { close(lines) }
        let reader = LineReader(lines)
        var number = 0
        var failure: Int32 = 0
        var succeeded = 0
        while let line = try reader.next() {
            number += 1
            guard !line.trimmed.isEmpty, !line.trimmed.hasPrefix("#") else { continue }
            guard let code = Shell.perform(line) else { break }
            guard code != 0 else {
                succeeded += 1
                continue
            }
            if failure == 0 { failure = code }
            let rest = keepsGoing ? "" : "; the rest was not run"
            session.diagnostics.say(
                "\(session.diagnostics.speaker): line \(number) ended with \(code)\(rest)")
            if !keepsGoing { throw Ended(code: code) }
        }
        if failure != 0 { throw Ended(code: succeeded > 0 ? ExitStatus.partial : failure) }
    }

    /// The commands must not eat the lines that follow them: they find an
    /// empty standard input.
    private func takeInput() throws -> Int32 {
        let lines = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard lines >= 0, nothing >= 0, dup2(nothing, STDIN_FILENO) >= 0 else {
            throw CodedError(.inputUnreadable, "cannot read the commands: \(SystemText.of(errno))")
        }
        close(nothing)
        return lines
    }
}

extension String {
    /// Without blanks at either end.
    fileprivate var trimmed: String {
        let front = drop(while: \.isWhitespace)
        return front.lastIndex { !$0.isWhitespace }.map { String(front[...$0]) } ?? ""
    }
}
