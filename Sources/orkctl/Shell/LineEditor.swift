internal import CReadline
import Glibc
internal import ORKit

/// Reads lines with GNU readline. The library never waits: `pselect` does, with
/// the signals let in, so that Ctrl-C, Ctrl-Z and a changed window are noticed
/// at once and only there.
enum LineEditor {
    enum Line {
        case text(String)
        /// Ctrl-C: whatever was typed is dropped.
        case dropped
        /// Ctrl-D on an empty line, or the terminal is gone.
        case end
        /// A signal that ends programs.
        case killed(Int32)
    }

    // Readline calls plain functions, which can only reach what is static.
    // Everything here happens on the one thread of the program.
    private nonisolated(unsafe) static var finished: Line?
    private nonisolated(unsafe) static var candidates: [String] = []
    private nonisolated(unsafe) static var next = 0
    private nonisolated(unsafe) static var complete: (([String], String) -> LineCompletion.Answer)?

    /// - Parameter completion: asked with the words before the cursor's, and
    ///   that one as far as it is there.
    static func prepare(history: [String], completion: @escaping ([String], String) -> LineCompletion.Answer)
    {
        complete = completion
        orkReadlinePrepare { text, start, _ in LineEditor.matches(text, start) }
        stifle_history(Int32(History.longest))
        for line in history { add_history(line) }
    }

    static func remember(_ line: String) { add_history(line) }

    static func read(_ prompt: String) -> Line {
        finished = nil
        SignalNotes.hold()
        defer { SignalNotes.release() }
        rl_callback_handler_install(prompt) { LineEditor.take($0) }
        defer { rl_callback_handler_remove() }
        while finished == nil {
            switch SignalNotes.wait(for: STDIN_FILENO) {
            case .input: rl_callback_read_char()
            case .interrupt:
                orkReadlineDropLine()
                write("^C\r\n")
                return .dropped
            case .suspend:
                orkReadlineLeaveTerminal()
                SignalNotes.stop()
                orkReadlineTakeTerminal()
            case .resumed: orkReadlineTakeTerminal()
            case .resized: rl_resize_terminal()
            case .end(let number): return .killed(number)
            }
        }
        return finished ?? .end
    }

    private static func take(_ line: UnsafeMutablePointer<CChar>?) {
        // Else the prompt of a next line would be drawn at once.
        rl_callback_handler_remove()
        guard let line else {
            orkReadlineEndOfFile()
            finished = .end
            return
        }
        finished = .text(String(cString: line))
        free(line)
    }

    private static func matches(_ text: UnsafePointer<CChar>?, _ start: Int32)
        -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    {
        guard let text, let buffer = orkReadlineLine() else { return nil }
        let line = String(
            decoding: UnsafeRawBufferPointer(start: buffer, count: Int(max(0, start))), as: UTF8.self)
        let answer = complete?(ShellWords.begun(line), String(cString: text)) ?? LineCompletion.Answer()
        if answer.wantsFiles { return nil }
        orkReadlineNoFileNames()
        if answer.isOpen { orkReadlineNoSpace() }
        candidates = answer.words
        next = 0
        return rl_completion_matches(text) { _, _ in
            guard LineEditor.next < LineEditor.candidates.count else { return nil }
            defer { LineEditor.next += 1 }
            return strdup(LineEditor.candidates[LineEditor.next])
        }
    }

    private static func write(_ text: String) { try? Console.write(Array(text.utf8), to: STDERR_FILENO) }
}
