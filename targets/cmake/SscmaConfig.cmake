# Models of Sscma.Build in a CMake project:
#
#   find_package(Sscma REQUIRED PATHS <the package's build folder, or targets/ of a clone>)
#   sscma_add_model(parts PROJECT model/Model.csproj MODEL parts_detector)
#   target_link_libraries(firmware PRIVATE parts)
#
# Every build asks `dotnet build` for the model; it trains when the content of its inputs has changed, else it takes two seconds.
# The library is compiled again only when a generated file has changed.

cmake_minimum_required(VERSION 3.20)

# A toolchain file for a microcontroller sends searches into its own root; this program is the host's.
find_program(SSCMA_DOTNET dotnet HINTS ENV DOTNET_ROOT DOC "The dotnet command of the .NET SDK" NO_CMAKE_FIND_ROOT_PATH)
if(NOT SSCMA_DOTNET)
  set(Sscma_FOUND FALSE)
  set(Sscma_NOT_FOUND_MESSAGE
      "Sscma builds models with the .NET SDK, and 'dotnet' is not on the PATH. Install it (https://dot.net), or say where it is: -DSSCMA_DOTNET=/folder/dotnet")
  return()
endif()

# sscma_add_model(<target> PROJECT <project file> MODEL <name> [INCBIN] [VELA] [PROPERTIES <name=value> ...])
#
# Makes <target>, a static library with the model of a project that declares it with EmbedAs="C". Who links it finds
# <name>.h and <name>_postprocess.h.
#   INCBIN      for a model with CArray="Incbin"; the project needs the language ASM
#   VELA        the file that Vela makes of it for an Ethos-U: <name>_vela.h, <name>_vela_postprocess.h
#   PROPERTIES  MSBuild properties: SscmaTrain=Never Configuration=Release
function(sscma_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "INCBIN;VELA" "PROJECT;MODEL" "PROPERTIES")
  if(NOT arg_PROJECT OR NOT arg_MODEL OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "sscma_add_model(${target} …): expected PROJECT <file> MODEL <name> [INCBIN] [VELA] [PROPERTIES …], found '${ARGN}'")
  endif()
  get_filename_component(project "${arg_PROJECT}" ABSOLUTE)
  if(NOT EXISTS "${project}" OR IS_DIRECTORY "${project}")
    message(FATAL_ERROR "sscma_add_model(${target} …): PROJECT '${project}' is no file")
  endif()
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT "CXX" IN_LIST languages OR (arg_INCBIN AND NOT "ASM" IN_LIST languages))
    message(FATAL_ERROR "sscma_add_model(${target} …) needs the languages CXX and, with INCBIN, ASM: project(… LANGUAGES CXX ASM)")
  endif()

  set(root "${CMAKE_CURRENT_BINARY_DIR}/${target}.sscma")
  set(folder "${root}/${arg_MODEL}")
  set(name "${arg_MODEL}")
  if(arg_VELA)
    set(name "${arg_MODEL}_vela")
    list(PREPEND arg_PROPERTIES SscmaVela=true)
  endif()
  set(headers "${folder}/${name}.h" "${folder}/${name}_postprocess.h")
  set(sources "${folder}/${name}.cc")
  if(arg_INCBIN)
    list(APPEND sources "${folder}/${name}.S")
  endif()

  # Always out of date: only dotnet knows whether something has changed. Files that did not change keep their time stamps,
  # and so does what is made of them. The terminal is used so that a training shows its progress, and one model is built at a time.
  add_custom_target(
    ${target}_sscma
    COMMAND
      "${CMAKE_COMMAND}" "-DDOTNET=${SSCMA_DOTNET}" "-DPROJECT=${project}" "-DMODEL=${arg_MODEL}" "-DNAME=${name}" "-DROOT=${root}"
      "-DINCBIN=${arg_INCBIN}" "-DPROPERTIES=${arg_PROPERTIES}" -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/SscmaBuildModel.cmake"
    BYPRODUCTS ${headers} ${sources} "${folder}/${name}.tflite"
    COMMENT "Model ${arg_MODEL} of ${arg_PROJECT}"
    USES_TERMINAL VERBATIM)

  # Make knows no terminal: without this, two models would be restored in one obj folder at the same time.
  get_property(previous GLOBAL PROPERTY _SSCMA_PREVIOUS_MODEL)
  if(previous)
    add_dependencies(${target}_sscma ${previous})
  endif()
  set_property(GLOBAL PROPERTY _SSCMA_PREVIOUS_MODEL ${target}_sscma)

  add_library(${target} STATIC ${sources} ${headers})
  add_dependencies(${target} ${target}_sscma)
  target_include_directories(${target} PUBLIC "${folder}")
  target_compile_features(${target} PUBLIC cxx_std_17)
  if(arg_INCBIN)
    # What the assembler includes, no compiler reports.
    set_source_files_properties("${folder}/${name}.S" PROPERTIES OBJECT_DEPENDS "${folder}/${name}.tflite")
  endif()
endfunction()
