import Glibc
internal import ORKit

/// A prompt that shows nothing of what is typed.
enum SecretPrompt {
    /// The modes to put back when a signal ends us in the middle. Written
    /// before the handlers are installed, read only by them. In memory of its
    /// own: Swift 6.3 leaves the padding inside this structure out of a global
    /// that has it as its initial value, three bytes, and tcgetattr writes
    /// beyond its end (AddressSanitizer).
    private nonisolated(unsafe) static let saved = UnsafeMutablePointer<termios>.allocate(capacity: 1)

    /// Reads one line from the terminal on stdin. Characters come one by one,
    /// so that Ctrl-C and Ctrl-D work while the terminal's own handling of
    /// lines, which would show them, is off.
    static func ask(_ prompt: String) throws -> [UInt8] {
        guard tcgetattr(STDIN_FILENO, saved) == 0 else {
            throw CodedError(.inputUnreadable, "cannot read from the terminal: \(SystemText.of(errno))")
        }
        let signals = [SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]
        let before = signals.map { number in
            signal(number) { number in
                tcsetattr(STDIN_FILENO, TCSAFLUSH, SecretPrompt.saved)
                _exit(128 + number)
            }
        }
        var quiet = saved.pointee
        quiet.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, saved)
            for (number, handler) in zip(signals, before) { signal(number, handler) }
            try? Console.write([UInt8(ascii: "\n")], to: STDERR_FILENO)
        }
        try Console.write(Array(Escaped.line(prompt).utf8), to: STDERR_FILENO)
        return try line()
    }

    private static func line() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= SecretInput.longest {
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return bytes }
            switch byte {
            case 0x0A, 0x0D: return bytes
            case 0x03: throw CodedError(.interrupted, hints: [])
            case 0x04 where bytes.isEmpty: return bytes
            case 0x08, 0x7F: _ = bytes.popLast()
            case 0x15: bytes.removeAll()
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}
