// Which of these modules `stat` belongs to depends on what the compiler read first.
import CDispatch
import Foundation
import Glibc
import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 40, 42 and 43: what another user of the machine
/// could have put in our way. The start ends with a sentence and a command,
/// and nothing that was found is changed.
@Suite("Attacks with files", .enabled(if: geteuid() == 0, "only root can give files away"))
struct LocalFileAttackTests {
    private static let nobody: UInt32 = 65534

    /// One thing in the way: how it gets there, and what the start says.
    private struct Trap {
        let name: String
        let code: String
        let words: String
        let lay: @Sendable (String) throws -> Void

        init(
            _ name: String, _ code: String, _ words: String,
            _ lay: @escaping @Sendable (String) throws -> Void
        ) {
            (self.name, self.code, self.words, self.lay) = (name, code, words, lay)
        }
    }

    private static func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    /// A socket file on which nobody listens.
    private static func deadSocket(_ path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    @Test("17 traps around the socket: 78, told what to do, and untouched", .proves("B4-40"))
    func inTheWay() async throws {
        let inPlace = [
            Trap("a file", "file-unsafe", "not a socket") {
                try Data("mine".utf8).write(to: URL(fileURLWithPath: $0))
            },
            Trap("a directory", "file-unsafe", "not a socket") { mkdir($0, 0o700) },
            Trap("a pipe", "file-unsafe", "not a socket") { mkfifo($0, 0o600) },
            Trap("a link to a file", "file-unsafe", "not a socket") { try Self.link($0, to: "/etc/passwd") },
            Trap("a link to nowhere", "file-unsafe", "not a socket") {
                try Self.link($0, to: "/nowhere/at/all")
            },
            Trap("a link to a socket", "file-unsafe", "not a socket") {
                try Self.deadSocket($0 + ".real")
                try Self.link($0, to: $0 + ".real")
            },
            Trap("a device", "file-unsafe", "not a socket") { mknod($0, S_IFCHR | 0o600, 0x103) },
            Trap("a socket of another user", "file-unsafe", "a socket of another user") {
                try Self.deadSocket($0)
                chown($0, Self.nobody, Self.nobody)
            },
        ]
        let around =
            [0o777, 0o1777, 0o770, 0o775, 0o707, 0o702, 0o2775].map { mode in
                Trap("a directory of mode \(String(mode, radix: 8))", "directory-unsafe", "chmod go-w") {
                    chmod(($0 as NSString).deletingLastPathComponent, mode_t(mode))
                }
            } + [
                Trap("a directory of another user", "directory-unsafe", "chown 0") {
                    chown(($0 as NSString).deletingLastPathComponent, Self.nobody, Self.nobody)
                }
            ]
        try await withDaemon(start: false) { (daemon: DaemonFixture) async throws in
            var variants = 0
            for (number, trap) in (inPlace + around).enumerated() {
                let place = daemon.scratch.path + "/s\(number)"
                mkdir(place, 0o700)
                let path = place + "/orkd.sock"
                try trap.lay(path)
                let before = Self.look(place)
                let ran = try await daemon.startExpectingExit(arguments: ["--socket", path])
                #expect(ran.status == 78, "\(trap.name): \(ran.stderr)")
                #expect(
                    ran.stderr.contains("[\(trap.code)]") && ran.stderr.contains(trap.words),
                    "\(trap.name): \(ran.stderr)")
                #expect(Self.look(place) == before, "\(trap.name): something was changed")
                variants += 1
            }
            let link = daemon.scratch.path + "/way"
            try Self.link(link, to: daemon.scratch.path + "/run")
            let ran = try await daemon.startExpectingExit(arguments: ["--socket", link + "/orkd.sock"])
            #expect(ran.status == 78 && ran.stderr.contains("symbolic link"), "\(ran.stderr)")
            #expect(variants + 1 == 17)
            print("B4-40: \(variants + 1) variants")
            // And with nothing in the way it starts, and its files are closed.
            try await daemon.start()
            var info = stat()
            #expect(lstat(daemon.socket, &info) == 0 && info.st_mode & 0o177 == 0)
        }
    }

    /// Names, modes, owners and link targets below a directory.
    private static func look(_ directory: String) -> [String] {
        // A lock that a start took and left is no change.
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).filter {
            !$0.hasSuffix(".lock")
        }
        return ([""] + names.sorted()).map { name in
            var info = stat()
            lstat(directory + "/" + name, &info)
            let size = info.st_mode & S_IFMT == S_IFREG ? info.st_size : 0
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: directory + "/" + name)
            return "\(name) \(info.st_mode) \(info.st_uid) \(info.st_ino) \(size) \(target ?? "")"
        }
    }

    @Test(
        "28 unsafe files of the state: 78, the command that repairs it, and untouched",
        .proves("B4-42", "B4-43"))
    func state() async throws {
        let changes: [(name: String, words: String, lay: @Sendable (String) throws -> Void)] = [
            ("mode 644", "chmod", { chmod($0, 0o644) }), ("mode 640", "chmod", { chmod($0, 0o640) }),
            ("mode 666", "chmod", { chmod($0, 0o666) }), ("mode 604", "chmod", { chmod($0, 0o604) }),
            ("of another user", "", { chown($0, Self.nobody, Self.nobody) }),
            (
                "a link", "",
                { path in
                    try FileManager.default.moveItem(atPath: path, toPath: path + ".moved")
                    try Self.link(path, to: path + ".moved")
                }
            ),
            ("a second name", "", { try FileManager.default.linkItem(atPath: $0, toPath: $0 + ".second") }),
        ]
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            // Killed, so that the log of the database is there too.
            try await daemon.kill9()
            let state = daemon.stateDirectory
            let saved = daemon.scratch.path + "/inputs/saved"
            try await Self.copy(state, to: saved)
            var variants = 0
            for file in ["orkd.db", "orkd.db-wal", "orkd.db-shm", "master.key"] {
                for (name, words, lay) in changes where !(file == "master.key" && name == "a second name") {
                    try lay(state + "/" + file)
                    let before = Self.look(state)
                    let ran = try await daemon.startExpectingExit()
                    #expect(
                        ran.status == 78 && ran.stderr.contains("unsafe]"), "\(file), \(name): \(ran.stderr)")
                    #expect(
                        ran.stderr.contains(file) && ran.stderr.contains("hint: " + words),
                        "\(file), \(name): \(ran.stderr)")
                    #expect(Self.look(state) == before, "\(file), \(name): something was changed")
                    try FileManager.default.removeItem(atPath: state)
                    try await Self.copy(saved, to: state)
                    variants += 1
                }
            }
            #expect(variants == 27)
            chmod(state, 0o755)
            let ran = try await daemon.startExpectingExit()
            #expect(ran.status == 78 && ran.stderr.contains("chmod 700 \(state)"), "\(ran.stderr)")
            chmod(state, 0o700)
            print("B4-42, B4-43: \(variants + 1) variants")
            try await daemon.start()
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    private static func copy(_ source: String, to target: String) async throws {
        let copy = Program("/bin/cp", environment: ["PATH": "/usr/bin:/bin"])
        guard try await copy.run(["-a", source, target]).status == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }
}
