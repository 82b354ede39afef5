import ORKit
import Testing

@testable import orkd

@Suite(".env and secrets")
struct EnvironmentFileTests {
    private func parse(_ text: String) -> [String: String] {
        let (variables, issues) = EnvironmentFile.parse(text, path: ".env")
        #expect(issues == [])
        return Dictionary(variables.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }

    @Test("comments, quotes, export and CRLF are read as other programs read them")
    func forms() {
        let values = parse(
            "\u{FEFF}A=1\r\n# no\n export B = two words  # comment\nC='it is #1 \\n'\nD=\"x\\ny\\\"\" # c\nE=\nF=a#b\nG=#x\n"
        )
        #expect(
            values == [
                "A": "1", "B": "two words", "C": "it is #1 \\n", "D": "x\ny\"", "E": "", "F": "a#b", "G": "",
            ])
    }

    @Test("a bad line is named by number and never quoted")
    func badLines() {
        let text = "A=1\nsk-or-v1-secret\nB=\"open\nC='x' y\n=z\n"
        let (variables, issues) = EnvironmentFile.parse(text, path: ".env")
        #expect(variables.map(\.name) == ["A"])
        #expect(
            issues.map(\.description) == [
                ".env:2: expected NAME=value", ".env:3: the quotes of B are not closed, or text follows them",
                ".env:4: the quotes of C are not closed, or text follows them", ".env:5: expected NAME=value",
            ])
    }

    @Test("a world-readable .env is remarked on [SE-10]")
    func worldReadable() throws {
        var fake = FakeFiles(texts: [".env": "PORT=1\n"])
        #expect(try Configuration.load(environment: [:], files: fake.files).get().remarks == [])
        fake.worldReadable = [".env"]
        let remarks = try Configuration.load(environment: [:], files: fake.files).get().remarks
        #expect(remarks == [".env may be read by everybody on this machine: chmod 600 .env"])
    }

    @Test("seed keys come from both variables, once each; the settings tell only that they are set")
    func seeds() throws {
        let configuration = try load(
            env: "OPENROUTER_API_KEYS=k-two, k-one ,,k-three\n",
            environment: [
                "OPENROUTER_API_KEY": "k-one", "APIKEYROUTER_ENCRYPTION_KEY": "m", "ORKD_MASTER_KEY": "n",
            ]
        ).get()
        let keys = configuration.seedKeys.map { $0.withBytes { String(decoding: $0, as: UTF8.self) } }
        #expect(keys == ["k-two", "k-one", "k-three"])
        #expect(configuration.masterKey.variable?.isEqual(to: Secret("n".utf8)) == true)
        #expect(
            configuration.remarks == [
                "ORKD_MASTER_KEY and APIKEYROUTER_ENCRYPTION_KEY differ: ORKD_MASTER_KEY wins"
            ])
        let shown = configuration.settings.filter { $0.value == "set" }.map { $0.name + " " + $0.source }
        #expect(
            shown == [
                "ORKD_MASTER_KEY env:ORKD_MASTER_KEY", "OPENROUTER_API_KEY env:OPENROUTER_API_KEY",
                "OPENROUTER_API_KEYS .env:1",
            ])
        #expect(
            load(environment: ["OPENROUTER_API_KEYS": "a b"]).lines
                == [
                    "environment variable OPENROUTER_API_KEYS: a key has white space or non-ASCII characters in it"
                ])
    }
}
