// swift-tools-version: 6.1
import Foundation
import PackageDescription

// `ORK_CI=1` turns warnings into errors; locally a warning must not stop the inner loop.
let warningsAreErrors = ProcessInfo.processInfo.environment["ORK_CI"] != nil

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (warningsAreErrors ? [.unsafeFlags(["-warnings-as-errors"])] : [])

// Exact versions: a build of this commit is the same build everywhere. The
// floor and the reason for each are in docs/architecture.md.
let package = Package(
    name: "ork",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "orkd", targets: ["orkd"]),
        .executable(name: "orkctl", targets: ["orkctl"]),
        .library(name: "ORKit", targets: ["ORKit"]),
        .library(name: "ORKClient", targets: ["ORKClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/LebJe/TOMLKit.git", exact: "0.6.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        // Without pkg-config: its flags for readline are none that a package may set.
        .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"])]),
        .target(name: "CORKSystem"),
        .target(name: "ORKit", swiftSettings: settings),
        .target(name: "ORKClient", dependencies: ["ORKit", "CCurl"], swiftSettings: settings),
        .executableTarget(
            name: "orkctl",
            dependencies: [
                "ORKit", "ORKClient", "CReadline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "orkd",
            dependencies: [
                "ORKit", "CORKSystem",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: settings),
        .target(
            name: "MockUpstream",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Tests/MockUpstream", swiftSettings: settings),
        .executableTarget(
            name: "mock-openrouter",
            dependencies: [
                "MockUpstream",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/mock-openrouter", swiftSettings: settings),
        .target(
            name: "ORKTestSupport",
            dependencies: [
                "ORKit", "MockUpstream",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                // llhttp as one of the readers that ours is compared with.
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Tests/ORKTestSupport", swiftSettings: settings),
        .target(
            name: "PoolSimulation", dependencies: ["ORKit"], path: "Tests/PoolSimulation",
            swiftSettings: settings),
        .executableTarget(
            name: "simulate", dependencies: ["PoolSimulation"], path: "Tests/simulate",
            swiftSettings: settings,
            // Rounding, which everything else gets with Foundation.
            linkerSettings: [.linkedLibrary("m")]),
        .executableTarget(
            name: "decide", dependencies: ["ORKit"], path: "Benchmarks/decide", exclude: ["baseline.tsv"],
            swiftSettings: settings),
        .testTarget(
            name: "ORKitTests", dependencies: ["ORKit", "PoolSimulation"], exclude: ["Engine/Bodies"],
            swiftSettings: settings),
        .testTarget(
            name: "orkdTests",
            dependencies: [
                "orkd", "ORKit", "MockUpstream", "ORKTestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "orkctlTests", dependencies: ["orkctl", "ORKClient", "ORKit"],
            exclude: ["Golden"], swiftSettings: settings),
        .testTarget(
            name: "MockUpstreamTests", dependencies: ["MockUpstream", "ORKTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["orkd", "orkctl", "mock-openrouter", "ORKit", "MockUpstream", "ORKTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "HouseTests", dependencies: ["orkd", "ORKit", "ORKTestSupport"], swiftSettings: settings),
    ]
)
