// The AAR: the sources of the Java machine's jar, and native libraries that build-native.sh has made.

plugins {
    id("com.android.library") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.4.21"
    `maven-publish`
}

group = "org.louver"
version = "0.1.0"

android {
    namespace = "org.louver.sdk"
    compileSdk = 36
    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets["main"].kotlin.srcDirs("../src/main/kotlin", "../target/generated-sources/uniffi")
    lint {
        // The generated cleaner looks for java.lang.ref.Cleaner before it uses it.
        disable += "NewApi"
    }
    publishing { singleVariant("release") }
}

kotlin { jvmToolchain(17) }

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.11.0")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
}

publishing {
    publications.register<MavenPublication>("release") {
        artifactId = "louver-sdk-android"
        afterEvaluate { from(components["release"]) }
    }
}
