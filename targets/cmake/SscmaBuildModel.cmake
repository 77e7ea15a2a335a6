# Runs in the build, for sscma_add_model: builds the model with dotnet into ROOT/MODEL.
#   DOTNET, PROJECT, MODEL, NAME (of the files), ROOT, INCBIN, PROPERTIES (a list of name=value)

# In a property of the command line these letters mean something to MSBuild.
function(escape text result)
  string(REPLACE "%" "%25" text "${text}")
  string(REPLACE ";" "%3B" text "${text}")
  string(REPLACE "," "%2C" text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

escape("${ROOT}" copy_to)
set(command "${DOTNET}" build "${PROJECT}" -t:SscmaEmbed -nologo -v:m "-p:SscmaCopyTo=${copy_to}")
foreach(property IN LISTS PROPERTIES)
  list(APPEND command "-p:${property}")
endforeach()

# What CMake and the compilers around it have set is not MSBuild's: a variable of the environment is a property there.
execute_process(COMMAND "${CMAKE_COMMAND}" -E env --unset=Platform --unset=Configuration ${command} RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "dotnet build of '${PROJECT}' failed (${result}); its messages stand above.")
endif()

set(folder "${ROOT}/${MODEL}")
if(NOT EXISTS "${folder}/${NAME}.h" OR NOT EXISTS "${folder}/${NAME}_postprocess.h")
  message(FATAL_ERROR "'${PROJECT}' made no C files of a model '${MODEL}'. Declare it there: <SscmaModel Include=\"${MODEL}\" EmbedAs=\"C\" … />")
endif()
if(INCBIN AND NOT EXISTS "${folder}/${NAME}.S")
  message(FATAL_ERROR "INCBIN was asked for, and '${PROJECT}' declares the model '${MODEL}' without CArray=\"Incbin\".")
endif()
if(NOT INCBIN AND EXISTS "${folder}/${NAME}.S")
  message(FATAL_ERROR "'${PROJECT}' declares the model '${MODEL}' with CArray=\"Incbin\": say INCBIN in sscma_add_model.")
endif()
