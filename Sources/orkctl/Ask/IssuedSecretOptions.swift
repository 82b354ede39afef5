internal import ArgumentParser
import Glibc
internal import ORKit

/// Where a client key goes, which is shown once (ruling 50).
struct IssuedSecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Write the key to a new file (0600) instead of showing it.", valueName: "path"),
        completion: .file())
    var secretFile: String?

    /// Makes sure, before anything is created, that the key will not be lost.
    func prepared(_ session: Session) throws -> SecretPlace {
        if let secretFile, !session.globals.dryRun, !session.globals.showRequest {
            return .file(try NewFile(at: secretFile))
        }
        let isShown = session.out.isTerminal || session.format.isJSON || session.globals.quiet
        guard isShown || session.globals.dryRun || session.globals.showRequest else {
            throw CodedError(.secretWouldBeLost)
        }
        session.warnOfReadableFile()
        return .output
    }
}

extension Session {
    /// A secret is about to be in a file that others can read.
    func warnOfReadableFile() {
        var status = stat()
        guard fstat(STDOUT_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & (S_IRGRP | S_IROTH) != 0
        else { return }
        diagnostics.say("\(diagnostics.speaker): warning: the file that takes the key can be read by others")
    }
}

/// Where a client key goes.
enum SecretPlace {
    case output
    case file(NewFile)
}

/// A file that was not there before: 0600, and gone again unless it is kept.
final class NewFile {
    let path: String
    private let descriptor: Int32
    private var isKept = false

    init(at path: String) throws {
        // Only what is ours may be removed again, so nothing is set before it is.
        let opened = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR)
        guard opened >= 0 else {
            let hints =
                errno == EEXIST ? ["an existing file is never overwritten; look at it:   ls -l \(path)"] : []
            throw CodedError(.cannotCreate, "cannot create \(path): \(SystemText.of(errno))", hints: hints)
        }
        descriptor = opened
        self.path = path
    }

    deinit {
        close(descriptor)
        if !isKept { unlink(path) }
    }

    func write(_ bytes: [UInt8]) throws { try Console.write(bytes, to: descriptor) }

    /// On disk, and not removed any more.
    func keep() throws {
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw CodedError(.outputFailed, "cannot write \(path): \(SystemText.of(errno))")
        }
        isKept = true
    }
}
