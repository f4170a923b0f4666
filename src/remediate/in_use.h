// Before something is deleted: does anything use it? AWS deletes models and endpoint configurations
// that are in use without a word.
// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
#pragma once

#include <span>
#include <string>

#include "remediate/plan.h"
#include "remediate/reader.h"

namespace sagewarden::remediate {

// What uses a model, an endpoint configuration, a job definition or a lifecycle configuration of
// notebook instances that one of the steps deletes, other than what the steps delete too, in words;
// empty when nothing does. Error: that could not be found out.
tl::expected<std::string, aws::CallError> use_of_deleted(std::span<const Step* const> steps,
                                                         const Reader& reader);

}  // namespace sagewarden::remediate
