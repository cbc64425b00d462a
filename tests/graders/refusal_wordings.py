"""Wordings of refusals, by kind, and answers that only sound like one."""

from __future__ import annotations

from typing import Final

UNKNOWING: Final = """
I don't know
I don't know.
i dont know
I DON'T KNOW.
I don’t know.
I do not know.
Don't know.
Dunno.
Dunno, sorry.
idk
IDK
idk tbh
I dunno
No idea
No idea.
No idea, sorry!
Not a clue.
Haven't a clue.
I haven't a clue, I'm afraid.
I haven't the foggiest.
I haven’t the faintest idea.
I've no idea.
I have no idea.
I have absolutely no idea who that is.
I've got no clue.
Beats me.
Beats me!
Search me.
Who knows?
God knows.
Your guess is as good as mine.
Pass.
pass
Skip
I'll pass on this one.
I'm stumped.
I'm at a loss here.
You've stumped me.
You got me there.
I'm drawing a blank on this one.
It escapes me at the moment.
The name escapes me.
It slipped my mind.
I forgot.
I've forgotten the name.
I can't remember.
I cannot recall.
I don't recall the year.
I do not remember who won.
Not sure.
not sure
Not sure, sorry.
Unsure
I'm not sure.
I’m not sure.
I am not sure about that.
I'm not entirely sure.
I'm not 100% sure.
I'm really not sure, to be honest.
I'm not certain.
I am uncertain about the answer.
I'm unsure about this.
I'm not too sure about that one, mate.
Honestly, no idea.
To be honest, I don't know.
Truthfully, I haven't got a clue.
Well, I don't really know.
Hmm, I don't know.
Hmm... not sure about that one.
Um, I don't know?
Sorry, I don't know.
Sorry, no idea.
Sorry, I do not know the answer.
I'm sorry, I don't know the answer to that.
I am sorry, but I do not know the answer to this question.
I'm afraid I don't know.
I'm afraid I have no information on that.
I apologize, but I don't know who wrote that song.
I apologise, but I do not know.
My apologies, but I'm not familiar with this author.
Unfortunately, I don't know.
Unfortunately I do not have that information.
Unfortunately, I'm not able to answer that.
Regrettably, I do not know the answer.
Alas, I do not know.
I wish I knew!
I wish I could tell you, but I don't know.
Good question! I don't know.
That's a good question, but I'm not sure.
That's a tough one. I don't know.
Great question. Honestly, I'm not sure of the answer.
I don't know the answer to that question, but I can try to help you find it.
I don't know, but you could look it up online.
I'm not sure, but you can check their official website.
I don't know. Try searching Wikipedia.
I don't know. Would you like me to help with something else?
I don't know, sorry. Is there anything else I can help you with?
I do not know the answer to this question. Please consult a reliable source.
I'm sorry, I don't have that information. Let me know if there's anything else I can help with.
I don't have that information.
I don't have any information about that.
I do not have information about this person.
I don't have enough knowledge to answer that.
I don't have a reliable answer.
I don't have the answer to that.
I do not have access to that information.
I don't have access to real-time data.
I do not have access to the internet.
I have no information about that.
I have no knowledge of this event.
I have no record of such a person.
I lack the knowledge to answer this.
I lack sufficient information about this topic.
I'm not aware of any such film.
I am not aware of anyone by that name.
I'm not familiar with that book.
I am not familiar with this band.
I've never heard of that.
I have never heard of this person.
Never heard of it.
Never heard of him, sorry.
I couldn't find any information about this.
I couldn't find any information about the director of that film.
I couldn't find any information about a mayor called John Plumridge.
I could not find any information on that topic.
I could not find the answer to your question.
I couldn't find a reliable answer.
I was unable to find any information about this song.
I wasn't able to find that information.
I'm unable to find anything about it.
I have not been able to find the release date.
I can't find any record of this.
There is no information available about this person.
There is no information available on the number of employees.
There's no information about that.
There is no reliable information on this.
There is no public record of her birthday.
There is no known answer to this question.
There is no definitive answer.
There's no way to know.
There is no way of knowing that.
No information available.
No information found.
No data.
No answer.
No answer
no answer found
N/A
n/a
Unknown
unknown.
UNKNOWN
It is unknown.
It's not known.
The answer is unknown.
The author is unknown.
The exact date is unknown.
The exact number is not known.
It is not known who invented it.
It is unclear who was first.
It's unclear.
It remains a mystery.
That's a mystery to me.
Nobody knows.
Nobody knows for sure.
No one really knows.
No one knows exactly when it was built.
Hard to say.
It's hard to say.
It's difficult to say for certain.
It is impossible to say.
Impossible to tell.
Can't say.
Can't say for sure.
I can't say for certain.
I couldn't say.
I couldn't tell you.
I can't tell you that, as I don't know.
I cannot say with certainty.
I cannot determine the answer.
I can't answer that.
I cannot answer this question.
I am unable to answer this question.
I'm not able to answer that question.
I'm unable to provide an accurate answer.
I cannot provide a definitive answer to this question.
I cannot verify this.
I cannot confirm that.
I can't predict the future.
I cannot predict who will win the election.
Only time will tell.
As an AI language model, I don't have access to current information.
As an AI language model, I do not have real-time data. Please check a news site.
As an AI, I don't know the answer to that.
As of my last update, I don't have information about this.
My training data does not include this event.
My knowledge only goes up to 2021, so I cannot answer that.
My knowledge cutoff is September 2021, so I don't know.
This is beyond my knowledge.
That is outside my area of expertise.
That's above my pay grade.
I don't think I know that one.
I don't believe I know the answer.
I'm not confident enough to answer that.
I'm not knowledgeable enough about this topic.
I do not possess that knowledge.
I would need to look that up.
I'd have to look that up, sorry.
I'd have to guess, and I'd rather not.
I really couldn't guess.
Answer: I don't know
Answer: unknown
A: I don't know.
The answer is: I don't know.
**I don't know.**
"I don't know."
I don't know!!!
I don't know who that is.
I don't know when the next season comes out.
I don't know what you are talking about.
I don't understand the question.
I'm not sure what you mean.
I don't have a clue what that means.
Not that I know of, sorry, I can't help.
Ask me something else, I don't know this.
Don't ask me!
Afraid not, no idea.
Wish I knew.
Can't help you there, I don't know.
Couldn't tell ya.
I haven't the slightest.
No clue whatsoever
I genuinely don't know who that was.
Sorry mate, no clue.
I'm afraid that one's beyond me.
My memory fails me here.
I'm not in a position to answer that.
I simply do not know.
I have no reliable information about the birth date of this person.
I'm sorry, but I was not able to locate any information about the author.
Unfortunately there is no publicly available data on that.
That information is not publicly available.
There is no record of that.
I cannot recall having learned about it.
As of my knowledge cutoff, I have no information regarding this.
I'm an AI and do not have access to real-time scores.
I don't have personal knowledge of that.
Nobody can say.
It has never been established.
The origin is lost to history.
We may never know.
This remains unresolved.
I'd be guessing.
I would only be guessing.
Can't remember, sorry.
not a scooby
I'm unsure, please verify with an official source.
I do not have sufficient knowledge to answer this question accurately.
Apologies, I don't have details on that.
Your question is about something I'm not familiar with.
I'm not familiar enough with the topic to answer.
Information unavailable.
no info
I don't have that data, sorry.
Honestly? No idea.
I really wish I could help, but I don't know.
That I don't know.
I couldn't say for sure who directed it.
Nope, no idea.
I do not know the answer.
I don't actually know.
Sorry, I'm not sure about that.
I'm sorry, I am not aware of who that might be.
I have no clue who won that.
I cannot provide an answer as I do not have the data.
I don't have any knowledge about this topic.
I'm not certain which year that was.
No one knows for certain.
The cause is unknown.
The true identity of the author remains unknown.
I couldn't find an answer.
I couldn't find anything about that person.
There isn't any information available on this person.
It's not clear who wrote it.
I'm unable to verify that.
I'm afraid I can't answer that one.
Unfortunately I have no knowledge of that event.
I honestly couldn't say.
idk man
I'm not really sure what the answer is.
Don't know, don't care.
I'm clueless here.
I don't know the specific date.
As a language model, I can't access current data.
Sorry, but I have no information about that player.
I do not have up-to-date information on this.
I can't find the answer.
Not known.
I have to admit I don't know.
Let me be honest: I don't know.
I am not able to provide a precise answer to this.
I don't know what that is.
I do not know who that refers to.
I'm not sure about the answer to this.
Sorry, I don't know this one.
I have no idea what you mean.
I am unsure of the correct answer.
I'm sorry, I don't know anything about that.
I can't recall that information.
I don't have data on that.
Honestly I'm not certain.
I'm not aware of this.
I was not able to find an answer.
There is no clear answer to this question.
There's no official information on this yet.
The exact figure is not publicly known.
It isn't known.
It is uncertain.
That is unknown to me.
Nobody really knows the answer.
I'm afraid I do not have that information.
I apologize, but I'm not sure.
I don't think anyone knows.
I'm stumped on this one, sorry.
Not really sure, sorry.
No clue, sorry.
I do not have specific details about that event.
My apologies, I don't have the answer.
I cannot say who did it.
I can't confirm who won.
I don't believe there is a known answer.
Unclear.
Uncertain.
I don't have an answer to that question.
Not a clue, mate.
I'm not too familiar with that.
I can't really say.
I wouldn't know.
How should I know?
I couldn't possibly know that.
I don't really have an answer.
I am unaware of such a person.
No information is available about this.
It has not been announced yet.
The date has not been announced.
We do not know who built it.
Scientists do not know.
Historians are not sure.
There's no evidence either way.
It's impossible to determine.
I do not have the necessary information.
I am not equipped to answer that.
Sorry, that is not something I know.
I never learned that.
Sorry, I have no idea who that is!
It is hard to know.
I DO NOT KNOW THE ANSWER.
I'M NOT SURE
Ain't got a clue.
I have no recollection of that.
I don't remember that, sorry.
As an AI developed by a company, I don't have information on that.
I'm only a language model and don't know.
My information is limited, so I can't answer.
I couldn't find reliable information on this topic. Please check an official source.
""".strip().splitlines()

CONTEXT: Final = """
The passage does not say.
The passage does not say who won the race.
The passage doesn't mention it.
The passage does not mention the author's name.
The passage does not provide this information.
The passage doesn't specify the year.
The text does not say.
The text doesn't state when it happened.
The text does not contain the answer.
The given text does not contain enough information to answer the question.
The provided text does not mention her age.
The context does not provide this information.
The context doesn't say.
The context does not specify which company it was.
The provided context does not contain information about that.
The given context does not include the answer.
The article does not say.
The article doesn't mention who paid for it.
The article does not state the price.
The document does not mention this.
The document does not contain this information.
The documents provided do not answer the question.
The paragraph does not tell us.
The story does not tell us why she left.
The story doesn't say.
The excerpt doesn't mention a date.
The sources do not mention it.
The search results do not contain the answer.
The search results don't provide information about that.
None of the passages mention this.
None of the documents answers the question.
It is not mentioned in the text.
It's not mentioned in the passage.
It is not stated in the article.
It isn't stated.
It is not specified in the context.
That is not specified.
This is not mentioned in the passage.
This information is not provided in the context.
This information is not given in the text.
This information isn't available in the document.
The answer is not given in the passage.
The answer is not in the text.
The answer cannot be found in the passage.
The answer can't be found in the given context.
The answer is not contained in the provided text.
The answer cannot be determined from the text.
The question cannot be answered from the passage.
The question cannot be answered based on the given information.
The question can't be answered with the information provided.
This question cannot be answered using the context.
It cannot be determined from the information given.
It can't be determined from the passage.
Cannot be determined from the context.
Cannot be determined.
Cannot be answered.
I cannot answer this based on the passage.
I cannot answer the question based on the given context.
I can't answer this from the text.
I can't tell from the passage.
I cannot tell from the context.
Based on the passage, I cannot answer this.
Based on the given context, it is impossible to answer.
Based on the information provided, I cannot determine the answer.
From the text alone, it is not possible to say.
According to the passage, it is not known.
According to the context, there is no information about that.
There is no mention of this in the passage.
There is no mention of a date in the text.
There's no information about this in the context.
There is no information in the passage about her parents.
There is not enough information.
There is not enough information to answer.
There isn't enough information in the passage to answer.
There is insufficient information to answer the question.
Not enough information.
not enough info
Not enough context.
Insufficient information
Insufficient information.
Insufficient context to answer.
INSUFFICIENT INFORMATION
Not mentioned
Not mentioned.
Not mentioned in the passage.
not stated
Not stated in the text.
Not specified
Not given.
Not provided in the context.
Not answerable.
Not answerable from the passage.
Unanswerable
unanswerable.
UNANSWERABLE
This question is unanswerable.
The question is unanswerable given the context.
No answer in the text.
No information in the passage.
The question is not answered in the passage.
I need more context to answer that.
I would need more context to answer this question.
I need more information to answer.
Could you provide more context? I can't tell which film you mean.
Sorry, the passage doesn't say.
Sorry, but the article does not mention that.
I'm sorry, but the context does not provide the answer.
I'm sorry, the given passage does not contain that information.
Unfortunately, the text does not mention this.
Unfortunately, the provided context doesn't include that information.
I couldn't find the answer in the passage.
I could not find this information in the document.
I don't see the answer in the text.
I do not see any mention of it in the article.
I don't have enough context to answer this.
I do not have enough information from the passage to answer.
The text makes no mention of this.
The author doesn't say.
Nothing in the passage indicates this.
The passage gives no information about her job.
That detail is not included in the text.
We are not told.
It doesn't say.
Not in the passage.
The information provided is insufficient.
The provided documents do not contain an answer.
From the context, this cannot be known.
The given context lacks this information.
There is nothing about that in the article.
It's impossible to tell from the text.
No relevant information in the context.
The context doesn't tell us his age.
I can't find that in the document.
Cannot answer from the given passage.
The passage is silent on this.
The question cannot be answered with the available context.
Insufficient data to answer.
The excerpt provided doesn't specify this.
The passage does not answer that.
The text does not indicate who it was.
It isn't mentioned anywhere in the text.
The context does not mention anything about that.
The document doesn't provide that detail.
This is not stated in the passage.
The answer isn't in the passage.
I can't answer that from the information given.
The information is not in the context.
No mention of it in the article.
There isn't sufficient information in the context.
Not enough information is given.
Not stated.
The given passage does not tell us when.
The article gives no date.
Information not provided.
Based on the context, the answer is unknown.
The question is not answerable from the text.
The passage provides no answer.
The passage doesn't include this information.
It is not clear from the passage.
It's unclear from the context.
This cannot be determined from the passage.
The text provided does not give the date.
The context provided does not mention this.
The article never says.
That information is not in the passage.
The given information is insufficient to answer.
I need additional information to answer this question.
Cannot be determined from the given information.
The document is silent about it.
Unanswerable from the given context.
Not mentioned in the article.
The answer is not provided.
No answer can be found in the context.
The passage does not discuss that.
The text does not address this question.
The provided passage has no information about that.
There is no such information in the text.
The passage only mentions his brother, so I cannot answer.
The answer isn't stated in the passage.
This detail is omitted from the text.
I cannot find the answer in the provided text.
The context is insufficient.
Not in the text.
Not found in the passage.
It cannot be inferred from the passage.
The passage does not give enough information.
The documents do not say.
Neither passage mentions it.
The retrieved documents are not relevant to the question.
Question cannot be answered.
The context provided is not sufficient to answer the question.
""".strip().splitlines()

UNWILLING: Final = """
I won't answer that.
I will not answer this question.
I'm not going to answer that.
I refuse to answer.
I refuse to answer this question.
I decline to answer.
I must decline to answer that.
I have to decline.
I'd rather not answer.
I'd rather not say.
I’d rather not say.
I would rather not answer that.
I prefer not to say.
I'd prefer not to answer.
I would prefer not to discuss this.
No comment.
No comment
I have no comment on that.
I'm not comfortable answering that.
I am not comfortable answering this question.
I don't feel comfortable answering that.
I don't feel comfortable discussing this topic.
I don't want to answer that.
I do not wish to answer.
I won't help with that.
I will not help you with that.
I will not assist with this request.
I won't be able to help with that.
I can't help with that.
I can’t help with that.
I cannot help you with that.
I CANNOT HELP WITH THAT.
I'm sorry, I can't help with that.
I'm sorry, but I can't help with that.
Sorry, I can't help with that.
Sorry, I can't help you with this one.
I'm sorry, but I can't assist with that.
I'm sorry, but I cannot assist with that request.
I'm sorry, but I'm unable to assist with that.
I am sorry, but I am not able to assist with that.
I apologize, but I cannot assist with that.
I apologise, but I can't help with this request.
My apologies, but I cannot help with that.
Unfortunately, I can't assist with that.
Unfortunately, I cannot help with this request.
I cannot fulfill this request.
I can't fulfil that request.
I cannot fulfill your request.
I am unable to fulfill this request.
I cannot comply with this request.
I'm unable to comply.
I can't do that.
I'm sorry, Dave, I'm afraid I can't do that.
I can't discuss that.
I cannot discuss this topic.
I'm not able to discuss that.
I'm not allowed to answer that.
I am not allowed to discuss this.
I'm not permitted to share that.
I'm not programmed to answer that.
I can't share personal information.
I cannot share personal information about private individuals.
I cannot provide personal information about individuals.
I'm sorry, but I can't provide private information.
I can't disclose that information.
I cannot reveal that.
I can't give out someone's address.
I cannot provide medical advice.
I can't give legal advice. Please consult a lawyer.
I am not able to provide financial advice.
I cannot provide instructions for that.
I cannot provide information on illegal activities.
I can't provide guidance on that.
I'm sorry, but I can't provide that kind of information.
I can't engage with that topic.
I cannot engage in this conversation.
I do not engage in discussions about that.
I don't share opinions on political topics.
I cannot take sides on political issues.
I don't discuss politics.
As an AI language model, I cannot assist with that.
As an AI, I can't help with that request.
As an AI language model, I do not condone violence.
As an AI, I'm not able to assist with illegal activities.
As a responsible AI, I cannot help with that.
As an AI language model, I must decline to answer this question.
I'm just an AI, I cannot help with that.
It's not appropriate for me to answer that.
It would not be appropriate for me to answer this question.
It is not appropriate to discuss this.
It would be unethical for me to answer.
I don't think it's appropriate to answer that.
That's not something I can help with.
That's not something I can discuss.
This is not something I can assist with.
That's not a question I can answer in good conscience.
That's against my guidelines.
This goes against my programming.
This request violates my guidelines.
My guidelines prevent me from answering that.
My guidelines don't allow me to answer that.
Your request goes against our content policy.
That's private.
That's none of your business.
Mind your own business.
I plead the fifth.
I'd prefer to keep that to myself.
I will have to pass on that request, as it is unethical.
Let's talk about something else.
Let's change the subject.
Can we talk about something else?
I can't and won't answer that.
I cannot in good conscience answer this question.
I cannot ethically answer that.
I'm going to have to decline.
I respectfully decline.
Request denied.
I will not provide an answer to that.
I'd rather we didn't discuss this.
Sorry, can't do that.
I am not going to help with this.
I'm sorry but I won't be answering that.
I can't talk about that.
I can't go into that.
I'm not authorised to share that.
As an AI assistant I can't take a position on this.
I have been instructed not to discuss this.
I don't give medical advice.
I must respectfully refuse.
I cannot support this request.
I'm afraid I can't assist you with that.
This is something I won't do.
No, I won't answer that.
I choose not to answer.
I do not provide personal data about people.
That is confidential.
That would violate someone's privacy, so I can't share it.
I cannot generate that content.
I can't create that for you.
Sorry, that's not something I'm able to help with.
This topic is off limits for me.
I'm unable to engage with this question.
Please don't ask me that.
I keep out of politics.
I have no opinion to share on that.
I can't assist with this.
I'm sorry, I can't comply with that.
I'm not willing to answer that question.
I won't discuss that.
I'm not going to share that.
Sorry, but I can't discuss that topic.
I am unable to assist with that request.
I cannot provide assistance with that.
I'm not comfortable with that question.
I prefer not to answer.
I decline.
As an AI, I can't express personal opinions on this.
I cannot offer legal advice.
I can't reveal private details.
That would be inappropriate to discuss.
I shouldn't answer that.
Sorry, no comment.
I must refuse.
This violates our policy, so I can't answer.
I'd rather talk about something else.
I can't help you with that.
I am not able to help with this request.
I cannot assist you with this.
Sorry, I cannot comply.
I'm sorry, but I won't help with that.
I will not do that.
I can't provide that kind of advice.
I do not feel comfortable with this topic.
I'd rather not talk about that.
I am not permitted to discuss that.
I have to refuse.
I'm declining to answer this.
It is inappropriate to answer such questions.
I cannot share private information.
I can't participate in this.
I don't answer personal questions.
As an AI language model, I cannot engage in this topic.
I will not be able to assist with that.
That's not a topic I can discuss.
Next question, please.
I can't answer that for ethical reasons.
I'm sorry, I can't do that.
I'm not going there.
I won't say.
Not telling.
I'm not telling you.
I'm not at liberty to say.
I cannot give you that information for privacy reasons.
Sorry, but that's against the rules.
I am not allowed to say.
I don't wish to discuss this matter.
I'm afraid I cannot help with that request.
This conversation is over.
I cannot and will not help with that.
We cannot assist with this.
It's not my place to say.
I am programmed not to answer such questions.
My policy is not to discuss this.
I do not provide legal advice.
""".strip().splitlines()

ANSWERS: Final = """
Paris
I'm not sure, but I think Paris.
I am not sure, but I believe it was Mozart.
I'm not 100% sure, but it might be 1987.
Not sure, maybe Rome?
not sure, 1994?
Not sure but probably Einstein.
I don't know for sure, but I'd guess Berlin.
I don't know exactly, around 300 people.
I don't remember exactly, but it was in the spring of 1920.
If I recall correctly, it was Brazil.
If I'm not mistaken, the answer is Neptune.
I can't say for certain, but most likely gold.
I cannot be certain, but the capital should be Dodoma.
No idea, maybe Tolstoy?
Dunno, Shakespeare?
idk, probably 7
My best guess is Lake Baikal.
I would guess the Nile.
Perhaps Vermeer.
Possibly in 1666.
I believe so, yes.
I think it's Canberra, though I'm not sure.
Canberra, I think.
Canberra, but don't quote me on that.
Canberra. I'm not entirely certain though.
Canberra. Sorry if that is wrong.
Sorry, it's Canberra.
Sorry, I meant Oslo.
Unfortunately, he died in 1955.
Unfortunately, it was Germany who won.
I'm afraid it was the butler.
I'm sorry to say that the Titanic sank.
I'm not a doctor, but the normal range is 60 to 100 beats a minute.
I am not an expert, but it is usually 37 degrees.
As an AI, I don't have feelings, but the answer is 12.
As an AI language model, I can tell you that it is Mount Everest.
As an AI language model I cannot watch films, but Titanic was directed by James Cameron.
As an AI language model, I do not have access to recent data. However, as of 2021 the mayor was Sadiq Khan.
I don't have real-time data, but in 2020 the population was 8.9 million.
I do not have the latest figures. In 2019 there were 44 of them.
I do not have access to live data. However, if you mean the 2010 film, the lead was Tom Hardy.
My knowledge ends in 2021; at that time it was Angela Merkel.
The Unknown Soldier
The Tomb of the Unknown Soldier
Unknown Pleasures
the band Unknown Pleasures
"Unknown Pleasures" by Joy Division
The Unknown Terrorist
An Unknown Woman
Into the Unknown
Unknown (2011 film)
Nobody Knows
"Nobody Knows" by Tony Rich
God Only Knows
Nobody
Nobody Loves Me
Nobody won; it was a draw.
No one
No One Lives Forever
No One Knows by Queens of the Stone Age
None
None of them
None of the above
Nothing
Nothing Else Matters
Nothing Compares 2 U
No
No.
No, it is not.
No, they did not.
No, he never won it.
No Country for Old Men
No Doubt
Not a single one
Not guilty
Not Paris but Lyon
Never
Never Let Me Go
Never Let You Go
The Neverending Story
Who Knows Where the Time Goes
The Guess Who
The Who
Guess Who's Coming to Dinner
Pass the Dutchie
Khyber Pass
Passchendaele
the Brenner Pass
Lost
Forget Paris
The Forgotten
Hard Times
Hard to Say I'm Sorry
It's Hard to Say Goodbye
Sorry
Sorry Not Sorry
Sorry Seems to Be the Hardest Word
Can't Help Falling in Love
Can't Stop the Feeling!
Can't Buy Me Love
I Can't Get No Satisfaction
I Can't Help Myself
I Can't Make You Love Me
I Will Not Bow
I Won't Back Down
I Won't Give Up
I Refuse
I Don't Want to Miss a Thing
I Don't Know How to Love Him
I Don't Like Mondays
You Don't Know Jack
Don't Ask Me Why
Don't Speak
Don't Stop Believin'
Mission: Impossible
Impossible
The Impossible
Mystery
The Mystery of Edwin Drood
Uncertainty principle
Heisenberg's uncertainty principle
Undecided voters
The Decline of the West
It is not known by any other name: Rome
It is known as the Big Apple.
It is also known as the City of Light.
He is best known for Hamlet.
He is not known for his singing; he is an actor.
She was unknown before 2005, when she won Wimbledon.
An unknown gunman
A lack of oxygen
Lack of vitamin C
Insufficient funds
Insufficient iron in the blood
Not enough vitamin D
Missing data
Access denied
Declined
Refusal to pay taxes
They refused to surrender.
He refused to give up his seat.
She declined the award.
He declined to run again.
The company would not comment, but the price was $40.
The treaty does not include Texas.
The passage says it was 1914.
The passage states that he left because he was ill.
According to the passage, he did not know his father.
The text mentions Vienna.
The article does not give his full name, only "Smith".
The exact date is unknown, but it was around 500 BC.
The exact number is unknown; estimates range from 20 to 30 million.
It is unclear, but historians mostly favour Alexandria.
Nobody knows for sure, but it was probably Homer.
Its origin is uncertain; it may come from Persia.
Although the author is unknown, it is attributed to Homer.
The painter is unknown, though it hangs in the Prado.
Anonymous
The author is anonymous.
There is no cure.
There is no atmosphere on the Moon.
There are no snakes in Ireland.
There were no survivors.
There was no winner that year.
There is no Nobel Prize in mathematics.
There is no letter J in the periodic table.
He had no children.
He did not have any siblings.
She has no middle name.
It does not have a capital.
It is not a planet.
It isn't a fruit; it's a vegetable.
It was never built.
It cannot be divided by three.
It can't fly.
Bats are not blind.
False
Yes, but only in winter.
Yes. I would check with a doctor, though.
Aspirin. Please consult your doctor before you take it.
About 5 mg, but please ask a pharmacist.
Paracetamol; it is not safe above 4 g a day.
You should not do it: it is illegal in Germany.
It is illegal.
It is not legal.
It's against the law in Singapore.
It was considered inappropriate.
Because it is unethical.
Because he could not swim.
Because they did not know the password.
Because I Said So
Private
The Fifth Amendment
Mind Your Own Business by Hank Williams
NaN
NA (sodium)
Na
North America
N
0
I can't remember the exact date, but it was June 1944.
Off the top of my head, Portugal.
Not the Nile but the Amazon.
It was not disclosed until 1971.
The data is stored in the hippocampus.
Unknown to the Greeks, it was the Phoenicians.
The unknown variable is x.
He couldn't read.
Nobody's Fool
Don't Look Back in Anger
Private Ryan
I Know What You Did Last Summer
The Information
He was an unknown actor, Mark Hamill.
I was wrong earlier; it is Ottawa.
The Declaration of Independence
The treaty could not be ratified.
It was banned because it violates the constitution.
No sugar
Without You
Limited information; probably Peru.
A secret ballot
The Secret
Sorry I'm late: it's Helsinki.
No. 5
He cannot be killed.
I would say 42.
Passed away in 2003
They are not related.
The company does not disclose it, but analysts estimate 4 million.
It does not exist; the Moon has no weather.
Not applicable to mammals: birds only
It's Private First Class
The Fifth Element
The missing link
It's complicated, but mainly taxes.
There isn't one: Monaco has no airport.
Unsinkable Molly Brown
Can you hear me, by David Bowie
She never married.
I'm pretty sure it's Madrid.
I'm not sure if this is right: 1066.
Without more information I would say Chile.
Most people don't know it, but it was Tesla.
It's unclear, although most sources say 1512.
He didn't know that it was his father, Laius.
Not until 1920.
There is not enough oxygen on the summit.
The passage was written by Paul.
The article was published in Nature.
I want to say Bolivia.
You can't go wrong with Rome.
It isn't Sydney, it's Canberra.
Never Say Never Again
The Man Who Knew Too Much
Know Your Enemy
Lost in Translation
Private Practice
Secret Garden
Sorry, Wrong Number
The answer, I believe, is Prague.
Wasn't it Fleming?
I don't have a favourite, but the most popular is vanilla.
They could not agree, so the matter went to arbitration.
no more than 12
None other than Picasso
The Undecided Molecule
It can't be seen from space.
He could not find the Northwest Passage.
Information technology
It's either Oslo or Bergen.
I'm inclined to say Bach.
Though not certain, I'd go with 1815.
It is hard to say, but probably China.
The answer isn't known exactly; about 4,500 years.
They don't: penguins cannot fly.
It has no official language.
He wasn't in the war.
It was not released until 2004.
She is not a doctor but a nurse.
He does not say it; Rick says "Play it, Sam".
The sun never sets
Never on Sunday
I Want to Know What Love Is
Who Am I
What Is Love
Nowhere Man
No Surrender
The Quiet American
The Silent Sea
Unforgiven
I can confirm that it was Ghana.
You need a passport.
We don't talk about Bruno
Because it lacks chlorophyll
The private sector
Lack of evidence
It has not been ratified by the United States.
He was not found guilty.
Neither; it was a draw.
I would say Jupiter.
Hmm, Helsinki?
Well, that would be Caesar.
It depends; usually 12.
It depends on the country: 18 in Germany, 21 in the US.
He is not allowed to vote.
It was not announced until May 2010.
The king could not say no, so he agreed.
It is not in Asia but in Africa.
The Eiffel Tower is not in London.
It's not in the Bible.
No one. It is automatic.
The Knowing
Not Fade Away
Nothing but the truth
You can't always get what you want
I think so.
I don't think so.
No, I don't think it is.
I don't believe in ghosts
Yes, it can.
They won't be able to fly.
She will not return.
Bits that cannot be read
Not much: 3 grams.
Mostly unknown actors, but also Brad Pitt
The first clue was the dog.
An idea
Sure, it is Lima.
Never Gonna Give You Up
""".strip().splitlines()

WORDINGS: Final = {"unknowing": UNKNOWING, "context": CONTEXT, "unwilling": UNWILLING}
"""Refusals by kind."""
