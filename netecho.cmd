@echo off
rem SPDX-License-Identifier: Apache-2.0
rem Copyright 2026 The Netecho Authors
rem
rem Runs the command from the source tree on Windows; builds it first if that was never done. After a change of the sources, build
rem again: mvnw.cmd -pl cli -am package
rem NETECHO_JAVA_OPTS are further options for the JVM.

setlocal
set "NETECHO_HOME=%~dp0"

rem The JVM: JAVA_HOME, or the java.exe in PATH.
if not defined JAVA_HOME goto path
set "NETECHO_JAVA=%JAVA_HOME%\bin\java.exe"
if exist "%NETECHO_JAVA%" goto version
echo netecho: JAVA_HOME is "%JAVA_HOME%", which has no bin\java.exe; set it to a JDK 17 or newer, or unset it>&2
exit /b 2
:path
set "NETECHO_JAVA="
for %%j in (java.exe) do set "NETECHO_JAVA=%%~$PATH:j"
if defined NETECHO_JAVA goto version
echo netecho: no java.exe found in PATH; install a JDK 17 or newer, or set JAVA_HOME>&2
exit /b 2

rem The file "release" of its folder tells the version without starting it. JDK 17 to 21 know the flag for an incubating module only,
rem and warn about it; from 24 on its absence warns.
:version
set "NETECHO_VERSION=17"
for %%j in ("%NETECHO_JAVA%") do set "NETECHO_RELEASE=%%~dpj..\release"
if not exist "%NETECHO_RELEASE%" goto access
for /f "tokens=2 delims==" %%v in ('%SystemRoot%\System32\find.exe "JAVA_VERSION=" ^< "%NETECHO_RELEASE%"') do set "NETECHO_VERSION=%%~v"
:access
for /f "delims=." %%m in ("%NETECHO_VERSION%") do set "NETECHO_MAJOR=%%m"
set "NETECHO_ACCESS="
if %NETECHO_MAJOR% GEQ 22 set "NETECHO_ACCESS=--enable-native-access=ALL-UNNAMED"
if %NETECHO_MAJOR% GEQ 17 goto find
echo netecho: %NETECHO_JAVA% is Java %NETECHO_VERSION%; 17 or newer is needed: set JAVA_HOME>&2
exit /b 2

:find
set "NETECHO_JAR="
if not exist "%NETECHO_HOME%cli\target" goto missing
pushd "%NETECHO_HOME%cli\target"
for %%f in (netecho-cli-*.jar) do call :take "%%f" "%%~nf"
popd
if defined NETECHO_JAR goto run
:missing
if defined NETECHO_TRIED goto failed
set "NETECHO_TRIED=1"
echo netecho: building; the first time Maven fetches what it needs ...>&2
if not exist "%NETECHO_HOME%cli\target" mkdir "%NETECHO_HOME%cli\target"
call "%NETECHO_HOME%mvnw.cmd" -q -B -f "%NETECHO_HOME%pom.xml" -Dmaven.test.skip=true -Dspotless.check.skip=true -Dmaven.javadoc.skip=true -Dmaven.source.skip=true -Dforbiddenapis.skip=true -pl cli -am package>"%NETECHO_HOME%cli\target\netecho-build.log" 2>&1
goto find
:failed
echo netecho: the build failed; the whole log is in %NETECHO_HOME%cli\target\netecho-build.log>&2
exit /b 2

:run
rem The libraries of the agent are apart: a search for providers opens every jar. It runs for months, so the second compiler pays.
set "NETECHO_AGENT="
set "NETECHO_COMPILER=-XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=10"
if not "%~1"=="agent" goto start
set "NETECHO_AGENT=;%NETECHO_HOME%cli\target\agent\*"
set "NETECHO_COMPILER=-XX:+TieredCompilation -Xms16m -XX:MinHeapFreeRatio=20 -XX:MaxHeapFreeRatio=40"
:start
"%NETECHO_JAVA%" %NETECHO_ACCESS% -XX:+UseSerialGC %NETECHO_COMPILER% -Xshare:auto -XX:-UsePerfData -XX:+DisplayVMOutputToStderr -Djava.net.preferIPv6Addresses=system %NETECHO_JAVA_OPTS% -cp "%NETECHO_HOME%cli\target\%NETECHO_JAR%;%NETECHO_HOME%cli\target\lib\*%NETECHO_AGENT%" dev.netecho.cli.NetechoCommand %*
exit /b %ERRORLEVEL%

rem The jar itself and none of those beside it.
:take
set "NETECHO_NAME=%~2"
if "%NETECHO_NAME:~-8%"=="-sources" exit /b 0
if "%NETECHO_NAME:~-8%"=="-javadoc" exit /b 0
if "%NETECHO_NAME:~-6%"=="-tests" exit /b 0
set "NETECHO_JAR=%~1"
exit /b 0
