import Glibc
internal import ORKit

/// Long tables on a terminal, page by page.
enum Pager {
    /// `ORKCTL_PAGER`, `PAGER`, else `less -FRX`, when the text is higher than
    /// the terminal; empty or `cat` means none.
    static func show(_ text: String, on console: Console) throws {
        let command = Environment["ORKCTL_PAGER"] ?? Environment["PAGER"] ?? "less -FRX"
        let height = Width.size(console.descriptor)?.rows ?? 24
        let lines = text.utf8.count { $0 == UInt8(ascii: "\n") }
        guard lines >= height, !command.isEmpty, command != "cat", isatty(STDIN_FILENO) == 1,
            try run(command, with: Array(text.utf8))
        else { return try console.write(text) }
    }

    /// - Returns: false when the pager could not be started.
    private static func run(_ command: String, with bytes: [UInt8]) throws -> Bool {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return false }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        posix_spawn_file_actions_addclose(&actions, ends[1])
        var arguments: [UnsafeMutablePointer<CChar>?] =
            ["sh", "-c", command].map { (word: String) in strdup(word) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/bin/sh", &actions, nil, &arguments, environ)
        close(ends[0])
        guard code == 0 else {
            close(ends[1])
            return false
        }
        // A person who has seen enough closes the pager: no error.
        do { try Console.write(bytes, to: ends[1]) } catch is PipeClosed {}
        close(ends[1])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return true
    }
}
